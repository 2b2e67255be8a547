"""WFC105: files and folders."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule

_PATH_METHODS = """
    chmod cwd exists expanduser glob group hardlink_to home is_block_device is_char_device is_dir
    is_fifo is_file is_mount is_socket is_symlink is_junction iterdir lchmod link_to lstat mkdir
    open owner read_bytes read_link readlink read_text rename replace resolve absolute rglob rmdir
    samefile stat symlink_to touch unlink walk write_bytes write_text copy copy_into move move_into
"""


class Files(NameRule):
    code = "WFC105"
    name = "files"
    summary = "A workflow reads, writes or looks for files."
    why = (
        "What is on a disk changes between the first run and a replay, and the replay may "
        "happen on another machine with another disk. Writing happens again in every replay."
    )
    bad = "@workflow\ndef load(path: str) -> int:\n    return store(open(path).read())"
    good = (
        "@step\n"
        "def read(path: str) -> str:\n"
        "    return open(path).read()\n\n"
        "@workflow\n"
        "def load(path: str) -> int:\n"
        "    return store(read(path))"
    )
    says = "accesses the file system"
    at_import = True
    calls = (
        " ".join(f"pathlib.Path.{method}" for method in _PATH_METHODS.split())
        + """
        builtins.open io.open_code io.FileIO codecs.open bz2.open bz2.BZ2File gzip.open
        gzip.GzipFile lzma.open lzma.LZMAFile tarfile.open tarfile.TarFile tarfile.TarFile.extract
        tarfile.TarFile.extractall zipfile.ZipFile zipfile.ZipFile.extract
        zipfile.ZipFile.extractall zipfile.is_zipfile tarfile.is_tarfile marshal.dump marshal.load
        os.access os.chdir os.chmod os.chown os.chroot os.fchdir os.fchmod os.fchown os.fdopen
        os.fstat os.fsync os.getcwd os.getcwdb os.lchown os.link os.listdir os.lstat os.makedirs
        os.mkdir os.mkfifo os.mknod os.open os.pathconf os.read os.readlink os.remove
        os.removedirs os.rename os.renames os.replace os.rmdir os.scandir os.stat os.statvfs
        os.symlink os.sync os.truncate os.umask os.unlink os.utime os.walk os.fwalk os.write
        os.close os.pipe os.sendfile os.getxattr os.setxattr os.listxattr os.removexattr
        os.memfd_create os.copy_file_range os.lseek os.ftruncate os.fdatasync os.fpathconf
        os.fstatvfs os.lockf os.openpty os.pipe2 os.pread os.preadv os.pwrite os.pwritev os.readv
        os.writev os.splice os.dup os.dup2 os.closerange os.posix_fadvise os.posix_fallocate
        os.get_blocking os.set_blocking os.set_inheritable
        os.path.abspath os.path.exists os.path.expanduser os.path.getatime os.path.getctime
        os.path.getmtime os.path.getsize os.path.isdir os.path.isfile os.path.islink
        os.path.ismount os.path.lexists os.path.realpath os.path.relpath os.path.samefile
        os.path.sameopenfile os.path.isjunction
        linecache.getline linecache.getlines pkgutil.get_data inspect.getsource
        inspect.getsourcelines inspect.findsource inspect.getcomments
        logging.FileHandler logging.handlers.RotatingFileHandler
        logging.handlers.TimedRotatingFileHandler logging.handlers.WatchedFileHandler
        mimetypes.guess_type mimetypes.guess_extension mimetypes.guess_all_extensions
        mimetypes.guess_file_type zipfile.PyZipFile zipfile.Path
        configparser.ConfigParser.read logging.config.fileConfig netrc.netrc
        aiofiles.open toml.load pandas.read_csv pandas.read_parquet pandas.read_excel
        pandas.read_json pandas.read_pickle pandas.ExcelFile pandas.ExcelWriter
        polars.read_csv polars.read_parquet polars.read_json polars.scan_csv polars.scan_parquet
        numpy.load numpy.save numpy.savez numpy.loadtxt numpy.genfromtxt numpy.fromfile
        openpyxl.load_workbook smart_open.open PIL.Image.open
        zoneinfo.ZoneInfo.from_file zoneinfo.ZoneInfo.clear_cache zoneinfo.reset_tzpath
        zoneinfo.available_timezones mimetypes.init ssl.create_default_context
        """
    )
    calls_below = {"os.path.relpath": 2}
    modules = """
        tempfile glob shutil filecmp fileinput shelve dbm gettext anyio.Path aiofiles
        importlib.resources importlib_resources importlib.metadata importlib_metadata
        pkg_resources fsspec s3fs gcsfs adlfs
    """
    pure = """
        glob.escape glob.has_magic glob.translate gettext.c2py shutil.get_archive_formats
        shutil.get_unpack_formats shutil.ignore_patterns tempfile.gettempprefix
        tempfile.gettempprefixb tempfile.mktemp filecmp.clear_cache importlib.resources.abc.*
    """

    VALID = (
        "import os\nfrom pathlib import PurePath, Path\n"
        "from wfc import workflow\n\n@workflow\ndef f(name: str) -> str:\n"
        "    return str(Path('in') / name) + os.path.join('out', name) + PurePath(name).stem\n",
        "from wfc import workflow\n\ndef open(path: str) -> str:\n"
        "    return path.upper()\n\n"
        "@workflow\n"
        "def f(name: str) -> str:\n"
        "    return open(name)\n",
    )
    INVALID = (
        "from pathlib import Path\n"
        "from wfc import workflow\n\n@workflow\ndef f(folder: Path) -> str:\n"
        "    text = open('a').read()  # WFC105\n"
        "    text += (folder / 'b').read_text()  # WFC105\n"
        "    return text + Path('c').parent.joinpath('d').read_text()  # WFC105\n",
        "import os, tempfile, shutil\n"
        "from wfc import workflow\n\n@workflow\ndef f(path: str) -> bool:\n"
        "    shutil.copy(path, tempfile.mkdtemp())  # WFC105\n"
        "    return os.path.exists(path)  # WFC105\n",
    )

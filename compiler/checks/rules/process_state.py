"""WFC110: the state of the process, the interpreter and the machine."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule


class ProcessState(NameRule):
    code = "WFC110"
    name = "process-state"
    summary = "A workflow looks at or changes the process, the interpreter or the machine."
    why = (
        "Process ids, command lines, host names, reference counts and the like differ between "
        "the process that started a run and the one that replays it."
    )
    bad = '@workflow\ndef f() -> str:\n    return lock(f"{socket.gethostname()}:{os.getpid()}")'
    good = "@workflow\ndef f(owner: str) -> str:\n    return lock(owner)"
    says = "depends on the process or the machine that runs it"
    at_import = True
    logged_is_fine = True
    values = """
        sys.argv sys.orig_argv sys.stdin sys.stdout sys.stderr sys.path sys.flags
        sys.executable sys.prefix sys.base_prefix sys.exec_prefix sys.platform sys.__stdin__
        sys.__stdout__ sys.__stderr__
        os.name os.ctermid
    """
    calls = """
        sys.getrefcount sys.getsizeof sys.gettrace sys.settrace sys.setprofile sys.getprofile
        sys.exit sys.getallocatedblocks sys.setrecursionlimit sys.getswitchinterval
        sys.setswitchinterval sys.getfilesystemencoding sys.getwindowsversion sys._current_frames
        os.getpid os.getppid os.getpgid os.getpgrp os.getsid os.getuid os.geteuid os.getgid
        os.getegid os.getgroups os.getresuid os.getresgid os.getlogin os.getloadavg
        os.getpriority os.setpriority os.cpu_count os.process_cpu_count os.sched_getaffinity
        os.nice os.uname os.times os.sysconf os.confstr os.isatty os.ttyname
        os.get_terminal_size os.abort os._exit os.setuid os.setgid os.setsid os.setpgid
        os.register_at_fork os.add_dll_directory os.device_encoding os.get_inheritable
        posix.getpid posix.getppid posix.uname posix.getuid
        socket.gethostname socket.getfqdn socket.gethostbyname
        shutil.which shutil.disk_usage shutil.get_terminal_size
        getpass.getuser
        tracemalloc.get_traced_memory resource.getrusage resource.getrlimit resource.setrlimit
        weakref.getweakrefcount sysconfig.get_config_var sysconfig.get_platform
        time.clock_getres time.clock_settime time.clock_settime_ns
        threading.current_thread threading.main_thread threading.get_ident
        threading.get_native_id threading.active_count threading.enumerate
        atexit.register faulthandler.enable faulthandler.dump_traceback
    """
    calls_below = {
        "argparse.ArgumentParser.parse_args": 1,
        "argparse.ArgumentParser.parse_known_args": 1,
    }
    modules = """
        os posix nt platform gc tracemalloc signal resource mmap readline curses psutil pwd grp
        sysconfig site
    """
    pure = """
        signal.Signals signal.Handlers signal.pause signal.sigwait signal.sigtimedwait
        signal.strsignal signal.valid_signals platform.python_implementation
        os.path os.path.* os.PathLike os.DirEntry os.stat_result os.statvfs_result os.terminal_size
        os.major os.minor os.makedev os.waitstatus_to_exitcode os.WCOREDUMP os.WEXITSTATUS
        os.WIFCONTINUED os.WIFEXITED os.WIFSIGNALED os.WIFSTOPPED os.WSTOPSIG os.WTERMSIG
        os.error os.sep os.linesep os.pathsep os.altsep os.extsep os.curdir os.pardir os.devnull
        os.defpath sys.stdout.write sys.stdout.writelines sys.stdout.flush sys.stderr.write
        sys.stderr.writelines sys.stderr.flush
    """

    VALID = (
        "import os, sys, signal\nfrom wfc import workflow\n\n@workflow\ndef f(x: int) -> int:\n"
        "    return min(x, sys.maxsize) + signal.SIGTERM + os.SEEK_SET\n",
    )
    INVALID = (
        "import gc, os, platform, socket, sys\n"
        "from wfc import workflow\n\n@workflow\ndef f() -> str:\n"
        "    gc.collect()  # WFC110\n"
        "    return f'{os.getpid()}'  # WFC110\n\n"
        "@workflow\n"
        "def g() -> str:\n"
        "    return platform.node() + socket.gethostname()  # WFC110\n\n"
        "@workflow\n"
        "def h() -> list[str]:\n"
        "    print(os.getpid(), file=REPORT)  # WFC110\n"
        "    colored = sys.stderr.isatty()  # WFC110\n"
        "    return sys.argv[1:]  # WFC110\n",
    )

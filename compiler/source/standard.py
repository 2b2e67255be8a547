"""Exceptions of the standard library, by the builtin class nearest above each (Python 3.11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BELOW: Final = {
    "ArithmeticError": (
        "decimal.Clamped decimal.ConversionSyntax decimal.DecimalException "
        "decimal.DivisionImpossible decimal.FloatOperation decimal.Inexact "
        "decimal.InvalidContext decimal.InvalidOperation decimal.Overflow decimal.Rounded "
        "decimal.Subnormal decimal.Underflow"
    ),
    "AttributeError": ("dataclasses.FrozenInstanceError"),
    "ConnectionResetError": ("http.client.RemoteDisconnected"),
    "EOFError": ("asyncio.IncompleteReadError"),
    "Exception": (
        "aifc.Error argparse.ArgumentError argparse.ArgumentTypeError "
        "asyncio.InvalidStateError asyncio.LimitOverrunError asyncio.QueueEmpty "
        "asyncio.QueueFull asyncore.ExitNow audioop.error bdb.BdbQuit binascii.Incomplete "
        "concurrent.futures.CancelledError configparser.DuplicateOptionError "
        "configparser.DuplicateSectionError configparser.Error "
        "configparser.InterpolationDepthError configparser.InterpolationError "
        "configparser.InterpolationMissingOptionError configparser.InterpolationSyntaxError "
        "configparser.MissingSectionHeaderError configparser.NoOptionError "
        "configparser.NoSectionError configparser.ParsingError copy.Error copy.error "
        "csv.Error ctypes.ArgumentError curses.error doctest.DocTestFailure "
        "doctest.UnexpectedException email.errors.BoundaryError email.errors.CharsetError "
        "email.errors.HeaderParseError email.errors.MessageError "
        "email.errors.MessageParseError ftplib.Error ftplib.error_perm ftplib.error_proto "
        "ftplib.error_reply ftplib.error_temp getopt.GetoptError getopt.error "
        "http.client.BadStatusLine http.client.CannotSendHeader http.client.CannotSendRequest "
        "http.client.HTTPException http.client.ImproperConnectionState "
        "http.client.IncompleteRead http.client.InvalidURL http.client.LineTooLong "
        "http.client.NotConnected http.client.ResponseNotReady "
        "http.client.UnimplementedFileMode http.client.UnknownProtocol "
        "http.client.UnknownTransferEncoding http.client.error http.cookies.CookieError "
        "inspect.ClassFoundException inspect.EndOfBlock locale.Error lzma.LZMAError "
        "mailbox.Error mailbox.ExternalClashError mailbox.FormatError "
        "mailbox.NoSuchMailboxError mailbox.NotEmptyError multiprocessing.AuthenticationError "
        "multiprocessing.BufferTooShort multiprocessing.ProcessError netrc.NetrcParseError "
        "nis.error nntplib.NNTPDataError nntplib.NNTPError nntplib.NNTPPermanentError "
        "nntplib.NNTPProtocolError nntplib.NNTPReplyError nntplib.NNTPTemporaryError "
        "optparse.AmbiguousOptionError optparse.BadOptionError optparse.OptParseError "
        "optparse.OptionConflictError optparse.OptionError optparse.OptionValueError "
        "ossaudiodev.OSSAudioError ossaudiodev.error pdb.Restart pickle.PickleError "
        "pickle.PicklingError pickle.UnpicklingError poplib.error_proto "
        "py_compile.PyCompileError pydoc.ErrorDuringImport pyexpat.ExpatError pyexpat.error "
        "queue.Empty queue.Full re.error shutil.RegistryError sqlite3.DataError "
        "sqlite3.DatabaseError sqlite3.Error sqlite3.IntegrityError sqlite3.InterfaceError "
        "sqlite3.InternalError sqlite3.NotSupportedError sqlite3.OperationalError "
        "sqlite3.ProgrammingError sre_compile.error sre_constants.error sre_parse.error "
        "struct.error subprocess.CalledProcessError subprocess.SubprocessError "
        "subprocess.TimeoutExpired sunau.Error tabnanny.NannyNag tarfile.AbsoluteLinkError "
        "tarfile.AbsolutePathError tarfile.CompressionError tarfile.EOFHeaderError "
        "tarfile.EmptyHeaderError tarfile.ExtractError tarfile.FilterError "
        "tarfile.HeaderError tarfile.InvalidHeaderError tarfile.LinkOutsideDestinationError "
        "tarfile.OutsideDestinationError tarfile.ReadError tarfile.SpecialFileError "
        "tarfile.StreamError tarfile.SubsequentHeaderError tarfile.TarError "
        "tarfile.TruncatedHeaderError termios.error tokenize.StopTokenizing "
        "tokenize.TokenError tty.error unittest.SkipTest uu.Error wave.Error webbrowser.Error "
        "xdrlib.ConversionError xdrlib.Error xml.parsers.expat.ExpatError "
        "xml.parsers.expat.error xml.sax.SAXException xml.sax.SAXNotRecognizedException "
        "xml.sax.SAXNotSupportedException xml.sax.SAXParseException "
        "xml.sax.SAXReaderNotAvailable xmlrpc.client.Error xmlrpc.client.Fault "
        "xmlrpc.client.ProtocolError xmlrpc.client.ResponseError zipfile.BadZipFile "
        "zipfile.BadZipfile zipfile.LargeZipFile zipfile.error zlib.error"
    ),
    "ImportError": ("zipimport.ZipImportError"),
    "KeyError": ("zoneinfo.ZoneInfoNotFoundError"),
    "LookupError": ("encodings.CodecRegistryError"),
    "ModuleNotFoundError": ("importlib.metadata.PackageNotFoundError"),
    "OSError": (
        "builtins.EnvironmentError builtins.IOError gzip.BadGzipFile http.cookiejar.LoadError "
        "io.UnsupportedOperation mmap.error os.error posix.error resource.error select.error "
        "shutil.Error shutil.ExecError shutil.ReadError shutil.SameFileError "
        "shutil.SpecialFileError signal.ItimerError smtplib.SMTPAuthenticationError "
        "smtplib.SMTPConnectError smtplib.SMTPDataError smtplib.SMTPException "
        "smtplib.SMTPHeloError smtplib.SMTPNotSupportedError smtplib.SMTPRecipientsRefused "
        "smtplib.SMTPResponseException smtplib.SMTPSenderRefused "
        "smtplib.SMTPServerDisconnected socket.error socket.gaierror socket.herror "
        "ssl.CertificateError ssl.SSLCertVerificationError ssl.SSLEOFError ssl.SSLError "
        "ssl.SSLSyscallError ssl.SSLWantReadError ssl.SSLWantWriteError "
        "ssl.SSLZeroReturnError ssl.socket_error urllib.error.ContentTooShortError "
        "urllib.error.HTTPError urllib.error.URLError"
    ),
    "RuntimeError": (
        "asyncio.BrokenBarrierError asyncio.SendfileNotAvailableError "
        "concurrent.futures.BrokenExecutor threading.BrokenBarrierError threading.ThreadError"
    ),
    "RuntimeWarning": ("zoneinfo.InvalidTZPathWarning"),
    "SyntaxError": ("xml.etree.ElementTree.ParseError"),
    "TimeoutError": ("asyncio.TimeoutError concurrent.futures.TimeoutError socket.timeout"),
    "TypeError": ("email.errors.MultipartConversionError"),
    "UserWarning": ("getpass.GetPassWarning"),
    "ValueError": (
        "binascii.Error calendar.IllegalMonthError calendar.IllegalWeekdayError "
        "calendar.error email.errors.CloseBoundaryNotFoundDefect "
        "email.errors.FirstHeaderLineIsContinuationDefect email.errors.HeaderDefect "
        "email.errors.HeaderMissingRequiredValue email.errors.InvalidBase64CharactersDefect "
        "email.errors.InvalidBase64LengthDefect email.errors.InvalidBase64PaddingDefect "
        "email.errors.InvalidDateDefect email.errors.InvalidHeaderDefect "
        "email.errors.InvalidMultipartContentTransferEncodingDefect "
        "email.errors.MalformedHeaderDefect email.errors.MessageDefect "
        "email.errors.MisplacedEnvelopeHeaderDefect "
        "email.errors.MissingHeaderBodySeparatorDefect "
        "email.errors.MultipartInvariantViolationDefect "
        "email.errors.NoBoundaryInMultipartDefect email.errors.NonASCIILocalPartDefect "
        "email.errors.NonPrintableDefect email.errors.ObsoleteHeaderDefect "
        "email.errors.StartBoundaryNotFoundDefect email.errors.UndecodableBytesDefect "
        "graphlib.CycleError ipaddress.AddressValueError ipaddress.NetmaskValueError "
        "json.JSONDecodeError plistlib.InvalidFileException statistics.StatisticsError "
        "tomllib.TOMLDecodeError zipapp.ZipAppError"
    ),
    "Warning": ("mailcap.UnsafeMailcapInput"),
    "ZeroDivisionError": ("decimal.DivisionByZero decimal.DivisionUndefined"),
}
STANDARD_ERRORS: Final[Mapping[str, str]] = {
    name: base for base, names in _BELOW.items() for name in names.split()
}
"""``OSError`` for ``urllib.error.URLError``."""

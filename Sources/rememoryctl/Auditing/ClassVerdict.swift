import PickleCodec

/// What a class or function that a pickle names is to Swift, and what calling it does in Python.
struct ClassVerdict {
    /// What Swift's decoder reads objects of it as; `nil` where it depends on their attributes.
    let swift: String?
    /// What Python would do by calling it.
    let danger: Danger

    enum Danger: String {
        /// It makes a value and does nothing else.
        case harmless
        /// It is somebody's class: its code runs, whatever that does.
        case code
        /// It runs commands, evaluates code, opens files or the network, or finds functions that do.
        case hostile
    }

    init(_ name: PythonName) {
        let path = name.inPython3.description
        swift = ClassVerdict.values[path]
        if swift != nil || ClassVerdict.makers.contains(path) {
            danger = .harmless
        } else if ClassVerdict.isHostile(name.inPython3) {
            danger = .hostile
        } else {
            danger = .code
        }
    }

    /// Types that mean something to Swift.
    private static let values = [
        "datetime.datetime": "Date", "datetime.date": "Date", "datetime.timedelta": "Duration",
        "datetime.time": "PickleValue", "uuid.UUID": "UUID", "decimal.Decimal": "Decimal",
        "fractions.Fraction": "Double", "builtins.complex": "[Double]", "builtins.range": "[Int]",
        "builtins.set": "Set", "builtins.frozenset": "Set", "builtins.bytearray": "Data", "builtins.bytes": "Data",
        "builtins.list": "Array", "collections.deque": "Array", "collections.OrderedDict": "Dictionary",
        "collections.defaultdict": "Dictionary", "collections.Counter": "Dictionary",
    ]

    /// Functions that pickles call to make values, and what they pass around on the way.
    private static let makers: Set<String> = [
        "copyreg._reconstructor", "copyreg.__newobj__", "copyreg.__newobj_ex__", "_codecs.encode", "builtins.object",
        "builtins.int", "builtins.float", "builtins.str", "builtins.bool", "builtins.dict", "builtins.tuple",
        "builtins.slice", "datetime.timezone", "uuid.SafeUUID", "pathlib.Path", "pathlib.PosixPath",
        "pathlib.PurePosixPath", "pathlib.WindowsPath", "pathlib.PureWindowsPath",
    ]

    private static let hostileModules: Set<String> = [
        "os", "posix", "nt", "subprocess", "pty", "socket", "shutil", "sys", "importlib", "runpy", "ctypes", "code",
        "codeop", "marshal", "pickle", "_pickle", "dill", "cloudpickle", "webbrowser", "platform", "tempfile",
        "threading", "multiprocessing", "asyncio", "signal", "imp", "pkgutil", "zipimport", "builtins", "operator",
        "functools", "types", "timeit", "trace", "pdb", "bdb", "cProfile", "profile", "doctest", "ftplib", "smtplib",
        "http", "urllib", "requests", "io", "_io", "fileinput", "glob", "pip", "setuptools", "distutils", "site", "gc",
        "inspect", "mmap", "resource",
    ]

    /// Everything of these modules that is not known to be harmless: `builtins.eval` as well as `os.system`.
    private static func isHostile(_ name: PythonName) -> Bool {
        let package = name.module.split(separator: ".").first.map(String.init) ?? name.module
        return hostileModules.contains(package)
    }
}

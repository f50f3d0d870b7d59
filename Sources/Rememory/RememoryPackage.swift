/// Which version of this package it is, and which of the Python package it shares blocks with.
public enum RememoryPackage {
    /// This package's semantic version. Everything else that says it, says it from here or is compared with it.
    public static let version = "0.1.0"

    /// The newest version of the Python package `rememory` that every check is run against.
    public static let pythonVersion = "0.3.4"
}

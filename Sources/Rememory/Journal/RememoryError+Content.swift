/// The errors about what a block holds.
extension RememoryError {
    static func unsupported(_ name: BlockName, _ what: String) -> RememoryError {
        RememoryError(.unsupported, block: name.description, message: what)
    }

    static func corruptContent(_ name: BlockName, _ expected: String, _ found: String) -> RememoryError {
        RememoryError(
            .corruptContent, block: name.description,
            message: """
                expected \(expected), found: \(found). The content was left as it is; Python reads it as empty and \
                overwrites it with its next write. Save a copy of /dev/shm/\(name) before anything writes to it; \
                salvage() gives what can still be read of it, replaceAll(with:) overwrites it
                """)
    }

    static func legacyContent(_ name: BlockName) -> RememoryError {
        RememoryError(
            .legacyContent, block: name.description,
            message: """
                expected a pickle, found JSON text, as versions 0.1 and 0.2 of the Python package wrote it. The content \
                was left as it is; versions from 0.3 on read it as empty and overwrite it. migrate() makes a pickle of it
                """)
    }

    static func typeMismatch(_ name: BlockName, expected: String, found: String) -> RememoryError {
        RememoryError(
            .typeMismatch, block: name.description,
            message: """
                expected \(expected), found \(found). The content was left as it is: open the block as what it is, or \
                overwrite it with replaceAll(with:)
                """)
    }

    static func keyNotFound(_ name: BlockName) -> RememoryError {
        RememoryError(
            .keyNotFound, block: name.description, message: "the dict has no such key; contains(_:) tells before")
    }

    static func isEmpty(_ name: BlockName, _ code: Code) -> RememoryError {
        RememoryError(code, block: name.description, message: "expected at least one entry, found none")
    }

    static func changedWhileRead(_ name: BlockName) -> RememoryError {
        RememoryError(
            .unsupported, block: name.description,
            message: """
                the value's own code changed the block while the value was read, so that it can't be told any more which \
                entry this is about. Nothing was done with it: read first, and change the block afterwards
                """)
    }

    static func indexOutOfRange(_ name: BlockName, _ index: Int, count: Int) -> RememoryError {
        RememoryError(
            .indexOutOfRange, block: name.description,
            message: "expected an index from \(-count) to \(count - 1), found \(index) (the list has \(count) items)")
    }
}

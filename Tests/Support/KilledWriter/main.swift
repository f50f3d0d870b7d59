// A process for the tests to start and to have killed: it does one thing with a block, and dies at the step that
// REMEMORY_KILL_AT names (see KillPoint.swift).
//
//     killed-writer NAME append|patch|delete|grow|open|restore|newcomer|abandoned
import Rememory

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

let name = CommandLine.arguments[1]
let path = "/dev/shm/\(name)"

/// What is left when a Python process that exits takes the name with it, and another makes the block anew.
func replaceByEmpty() throws -> Int32 {
    let empty: [UInt8] = [0x80, 4, 0x7D, 0x94, 0x2E]
    let content = empty + [UInt8](repeating: 0, count: 65536 - empty.count)
    return try RememoryLock(name).withLock {
        _ = unsafe unlink(path)
        let file = unsafe open(path, O_CREAT | O_EXCL | O_RDWR, 0o600)
        precondition(unsafe write(file, content, content.count) == content.count)
        return file
    }
}

let dict = try RememoryDict<String, String>(name)
switch CommandLine.arguments[2] {
case "append": try dict.set("2", for: "b")
case "patch": try dict.set("2", for: "a")
case "delete": try dict.removeValue(for: "b")
case "grow": try dict.set(String(repeating: "b", count: 100_000), for: "b")
case "open": break
case "restore":
    _ = unsafe unlink(path)
    _ = try dict.count
case "newcomer":
    _ = try replaceByEmpty()
    _ = try dict.count
case "abandoned":
    close(try replaceByEmpty())
    _ = try dict.count
default: exit(2)
}

// A process for the tests to start: it does one thing with a block, and may die at a step that REMEMORY_KILL_AT names (see
// KillPoint.swift), or find that there is no room.
//
//     block-writer NAME append|patch|delete|rewrite|grow|grow-at-once|open|restore|newcomer|abandoned|crowd
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

/// Sees to it that what was opened has its guards: by the second operation it has them.
func useTwice(_ dict: RememoryDict<String, String>) throws {
    for _ in 0..<2 { _ = try dict.count }
}

/// Fills shared memory, which is a small one of this process, to the brim.
func fill() {
    let file = unsafe open("/dev/shm/filler", O_CREAT | O_RDWR, 0o600)
    let page = [UInt8](repeating: 1, count: 4096)
    while unsafe write(file, page, page.count) > 0 {}
}

func expectNoRoom(_ what: String, _ body: () throws -> Void) {
    do {
        try body()
        print("\(what): there was room")
        exit(1)
    } catch {
        guard (error as? RememoryError)?.code == .noRoom else {
            print("\(what): \(error)")
            exit(1)
        }
    }
}

/// A segment as Python makes it: a size, and only what was written has pages.
func makeSparse(_ name: String, size: Int) {
    let file = unsafe open("/dev/shm/\(name)", O_CREAT | O_EXCL | O_RDWR, 0o600)
    precondition(ftruncate(file, off_t(size)) == 0)
}

let dict = try RememoryDict<String, String>(name, capacity: CommandLine.arguments[2] == "crowd" ? 4096 : 65536)
switch CommandLine.arguments[2] {
case "append": try dict.set("2", for: "b")
case "patch": try dict.set("2", for: "a")
case "rewrite": try RememoryDict<String, String>(name, layout: .canonical).set("2", for: "b")
case "delete": try dict.removeValue(for: "b")
case "grow", "grow-at-once":
    if CommandLine.arguments[2] == "grow" { try useTwice(dict) }
    try dict.set(String(repeating: "b", count: 100_000), for: "b")
case "open": try useTwice(dict)
case "restore":
    try useTwice(dict)
    _ = unsafe unlink(path)
    _ = try dict.count
case "newcomer":
    _ = try replaceByEmpty()
    _ = try dict.count
case "abandoned":
    close(try replaceByEmpty())
    _ = try dict.count
case "crowd":
    try dict.set("1", for: "a")
    let scalar = try RememoryInt("\(name)-int")
    makeSparse("\(name)-dict", size: 65536)
    makeSparse("\(name)-sparse", size: 8)
    fill()
    expectNoRoom("growth") { try dict.set(String(repeating: "b", count: 100_000), for: "b") }
    expectNoRoom("creation") { _ = try RememoryList<Int>("\(name)-new") }
    // Pages that Python has not touched are set aside before anything is written to them.
    expectNoRoom("a sparse dict") { _ = try RememoryDict<String, Int>("\(name)-dict") }
    expectNoRoom("a sparse scalar") { _ = try RememoryInt("\(name)-sparse") }
    expectNoRoom("a sparse text") { _ = try RememoryString("\(name)-sparse") }
    expectNoRoom("a sparse block") { _ = try RememoryBlock<Int?>("\(name)-sparse") }
    // What there is goes on, and the lock is free.
    try dict.set("2", for: "c")
    try scalar.add(1)
    let lock = try RememoryLock(name)
    try lock.withLock(timeout: .zero) {}
    let pairs = try dict.snapshot().map { "\($0.key)=\($0.value)" }
    guard pairs == ["a=1", "c=2"], try scalar.get() == 1 else {
        print("\(pairs)")
        exit(1)
    }
default: exit(2)
}

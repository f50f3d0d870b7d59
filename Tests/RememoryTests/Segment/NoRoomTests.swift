import ChildProcess
import Foundation
import Testing

@testable import Rememory

/// No memory, no descriptors, no room: an error, the content as it was, the lock free. Each test is a process of its own.
@Suite struct NoRoomTests {
    private static let privateMount = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]

    static let canMount: Bool = {
        let command = privateMount + ["mount -t tmpfs -o size=64k none /dev/shm"]
        return (try? ChildProcess(command, errors: .null))?.wait() == .exited(0)
    }()

    /// A shared memory of 64 KiB that only this process sees, filled to the brim.
    @Test(.enabled(if: canMount, "this user may not mount anything"))
    func aFullSharedMemory() throws {
        let script = "mount -t tmpfs -o size=64k none /dev/shm && exec \"$0\" \"$@\""
        let writer = try ChildProcess(
            NoRoomTests.privateMount + [script, try Products.path("block-writer"), "crowded", "crowd"])
        let said = String(decoding: writer.standardOutput.readDataToEndOfFile(), as: UTF8.self)
        #expect(writer.wait() == .exited(0), "\(said)")
    }

    @Test func aLimitOnTheSizeOfFiles() async {
        await #expect(processExitsWith: .success) {
            NoRoom.run { room in
                room.limit(RLIMIT_FSIZE, to: 100_000)
                room.expectNoRoom { try room.grow(to: 200_000) }
                room.expectNoRoom { _ = try RememoryDict<String, String>(room.other.string, capacity: 200_000) }
            }
        }
    }

    @Test func noDescriptorsLeft() async {
        await #expect(processExitsWith: .success) {
            NoRoom.run { room in
                let open = SystemCalls.entries(of: "/proc/self/fd").compactMap { Int32($0) }
                room.limit(RLIMIT_NOFILE, to: Int(open.min { $0 > $1 } ?? 2) + 1)
                // The numbers below that are taken too.
                while dup(0) >= 0 {}
                room.expectNoRoom { try room.grow(to: 200_000) }
                room.expectNoRoom { _ = try RememoryDict<String, String>(room.other.string) }
            }
        }
    }

    @Test func noMemoryLeft() async {
        await #expect(processExitsWith: .success) {
            NoRoom.run { room in
                room.limit(RLIMIT_AS, to: NoRoom.addressSpaceInUse + 128 << 20)
                room.expectNoRoom { try room.grow(to: 1 << 30) }
                room.expectNoRoom { _ = try RememoryDict<String, String>(room.other.string, capacity: 1 << 30) }
            }
        }
    }
}

/// A dict in a process that runs out of something.
private final class NoRoom {
    let block: UniqueBlock
    let other: UniqueBlock
    private let dict: RememoryDict<String, String>

    private init() throws {
        block = try UniqueBlock("room")
        other = try UniqueBlock("room")
        dict = try RememoryDict(block.string)
    }

    static func run(_ body: (NoRoom) throws -> Void) {
        do {
            let room = try NoRoom()
            defer {
                room.block.removeAll()
                room.other.removeAll()
            }
            try room.dict.set("1", for: "a")
            let before = try room.block.facts().identity
            try body(room)
            try room.dict.set("2", for: "c")
            #expect(try room.dict.snapshot().map { "\($0.key)=\($0.value)" } == ["a=1", "c=2"])
            #expect(try room.block.facts().identity == before)
            #expect(room.dict.segment.core.sizeIfFree == 65536, "the lock is not free")
            for path in [room.other.segmentPath, room.other.guardPath, SharedMemoryPlace.incoming(room.block.name)] {
                #expect(try SystemCalls.factsIfAny(path) == nil, "something was left behind")
            }
        } catch {
            Issue.record(error)
        }
    }

    func limit(_ resource: __rlimit_resource, to value: Int) {
        var limit = rlimit()
        let which = __rlimit_resource_t(resource.rawValue)
        _ = unsafe getrlimit(which, &limit)
        limit.rlim_cur = rlim_t(value)
        #expect(unsafe setrlimit(which, &limit) == 0)
    }

    /// As a value does that is too large; without having to make such a value.
    func grow(to size: Int) throws {
        try dict.segment.withLock { access in
            try unsafe access.grow(toAtLeast: size) { _ in Issue.record("there was room") }
        }
    }

    func expectNoRoom(_ body: () throws -> Void) {
        let error = #expect(throws: RememoryError.self) { try body() }
        #expect(error?.code == .noRoom, "\(error?.description ?? "")")
    }

    /// In bytes.
    static var addressSpaceInUse: Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").first
        return (pages.flatMap { Int($0) } ?? 0) * 4096
    }
}

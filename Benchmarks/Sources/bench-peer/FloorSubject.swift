import CFloors
import Foundation
import PickleCodec
import Workload

/// The same steps in C.
final class FloorSubject: Subject {
    private let name = "/rmbench-floor-\(ProcessInfo.processInfo.processIdentifier)"
    private let pickle = Result { try PickleEncoder().encode(CodecValues.players) }

    func run(_ operation: String, count: Int) throws { _ = try time(operation, count: count) }

    func time(_ operation: String, count: Int) throws -> Int {
        let elapsed = try nanoseconds(operation, UInt64(count))
        guard elapsed >= 0 else { throw PeerError("\(operation) failed in C: errno \(errno)") }
        return Int(elapsed)
    }

    private func nanoseconds(_ floor: String, _ rounds: UInt64) throws -> Int64 {
        switch floor {
        case "semaphore": return unsafe floor_semaphore(name, rounds)
        case "fstat": return unsafe floor_fstat(name, rounds)
        case "memcpy": return floor_memcpy(rounds)
        case "memcmp": return floor_memcmp(rounds)
        case "opcodes":
            return try unsafe pickle.get().withUnsafeBufferPointer {
                unsafe floor_opcodes($0.baseAddress, $0.count, rounds)
            }
        default: throw PeerError("there is no floor \(floor)")
        }
    }

    func sum() throws -> Int { try pickle.get().count }
}

import FuzzSupport
import PickleCodec

/// Reads anything: it must give a graph or an error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let pickle = unsafe input(start, count)
    let listing = PickleListing(pickle)
    if let graph = try? PickleGraph(decoding: pickle) {
        require(
            graph.memoryByteCount <= 32 * count + 256, "memory linear in \(count) bytes, found \(graph.memoryByteCount)"
        )
        _ = PickleInspection(graph)
    }
    _ = listing.description
    return 0
}

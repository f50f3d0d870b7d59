/// The input that the fuzzer made, as an array.
public func input(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: start, count: count))
}

/// Ends the process where something does not hold, so that the fuzzer keeps the input.
public func require(_ condition: Bool, _ expectation: @autoclosure () -> String) {
    if !condition { fatalError("expected \(expectation())") }
}

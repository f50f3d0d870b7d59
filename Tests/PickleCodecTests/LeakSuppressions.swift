/// What the leak checker of `--sanitize=address` is to pass over: the test runner keeps the run of its suite to the end.
@_cdecl("__lsan_default_suppressions")
public func leakSuppressions() -> UnsafePointer<CChar> {
    let text: StaticString = "leak:XCTMainMisc\nleak:XCTestSuiteRun\n"
    return unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// The cure for the Python side, `rememory_guard`, by itself. `--guarded` runs all the other checks with it.
enum GuardChecks {
    static let all = [
        Check("guard.ownTests", "rememory_guard does what it promises with this Python.", run: ownTests)
    ]

    private static func ownTests(_ stage: Stage) throws {
        let tests = try stage.start("tests of rememory_guard", stage.pythonCommand("test_rememory_guard.py"))
        let status = try tests.finish(timeout: 180)
        try stage.expect(status == 0, "status \(status)\n\(tests.complaints)")
    }
}

/// What is measured: an open block, or a codec.
protocol Subject: AnyObject {
    /// Makes it hold what it is to hold, in one write.
    func fill() throws

    /// Does an operation so many times, in one tight loop.
    func run(_ operation: String, count: Int) throws

    /// Puts back what deletes took away, and takes away what appends added.
    func restore() throws

    /// The sum of all numbers, for comparison with what other processes see.
    func sum() throws -> Int

    /// Lets go of it.
    func close()

    /// Removes it, with its lock.
    func remove() throws

    /// Nanoseconds that so many operations take.
    func time(_ operation: String, count: Int) throws -> Int
}

extension Subject {
    func fill() throws {}
    func restore() throws {}
    func close() {}
    func remove() throws {}

    func time(_ operation: String, count: Int) throws -> Int {
        try Stopwatch.nanoseconds { try run(operation, count: count) }
    }
}

import Workload

/// The subject in use, and the requests about it.
struct Session {
    private var subject: (any Subject)?
    private var reopen: (() throws -> any Subject)?

    mutating func answer(_ request: Words) throws -> [Int] {
        var words = request
        let verb = try words.word()
        switch verb {
        case "open": try open(&words)
        case "fill": try current().fill()
        case "time": return [try time(&words)]
        case "during": return try during(&words)
        case "restore": try current().restore()
        case "attach": return [try attach(times: try words.number())]
        case "sum": return [try current().sum()]
        case "close", "destroy": try letGo(removing: verb == "destroy")
        default: throw PeerError("there is no request \(verb)")
        }
        return []
    }

    private func current() throws -> any Subject {
        guard let subject else { throw PeerError("nothing is open") }
        return subject
    }

    private mutating func open(_ words: inout Words) throws {
        let (kind, name) = (try words.word(), try words.word())
        let (n, bytes) = (try words.number(), try words.number())
        let open: () throws -> any Subject =
            switch kind {
            case "dict": try dict(name, n, bytes)
            case "list": { try ListSubject(name, n: n, capacity: bytes) }
            case "number": { try NumberSubject(name) }
            case "lock": { try LockSubject(name) }
            case "codec": { try CodecSubject(name) }
            case "floor": { FloorSubject() }
            default: throw PeerError("\(kind) is no kind of subject")
            }
        subject = nil
        subject = try open()
        reopen = open
    }

    /// Makes the keys first, once: attaching shall not pay for them.
    private func dict(_ name: String, _ n: Int, _ bytes: Int) throws -> () throws -> any Subject {
        guard n > 0 else { throw PeerError("a dict of \(n) entries can't be asked for one") }
        let keys = Workload.order(n).map(Workload.key)
        return { try DictSubject(name, keys: keys, capacity: bytes) }
    }

    private func time(_ words: inout Words) throws -> Int {
        let operation = try words.word()
        return try current().time(operation, count: try words.number())
    }

    private func during(_ words: inout Words) throws -> [Int] {
        let (subject, operation) = (try current(), try words.word())
        let (start, end, pause) = (try words.number(), try words.number(), try words.number())
        var latencies = Latencies()
        Stopwatch.wait(until: start)
        while Stopwatch.now < end {
            latencies.add(try Stopwatch.nanoseconds { try subject.run(operation, count: 1) })
            if pause > 0 { Stopwatch.sleep(nanoseconds: pause) }
        }
        return latencies.figures
    }

    private mutating func attach(times: Int) throws -> Int {
        guard let reopen else { throw PeerError("nothing is open") }
        var total = 0
        for _ in 0..<times {
            subject?.close()
            subject = nil
            total += try Stopwatch.nanoseconds {
                let opened = try reopen()
                try opened.run("get", count: 1)
                subject = opened
            }
        }
        return total
    }

    private mutating func letGo(removing: Bool) throws {
        if removing { try subject?.remove() }
        subject?.close()
        subject = nil
        reopen = nil
    }
}

/// The three numbers of a `datetime.timedelta`, as Python normalizes them.
struct TimeDelta {
    var days: Int
    /// 0 to 86,399.
    var seconds: Int
    /// 0 to 999,999.
    var microseconds: Int

    static let largestDays = 999_999_999

    /// A duration, to the nearest microsecond; nil outside Python's range.
    init?(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = (Int(attoseconds) + 500_000_000_000).floorDivided(by: 1_000_000_000_000).quotient
        self.init(seconds: Int(seconds), microseconds: microseconds)
    }

    /// Any number of seconds and, of either sign, fewer than a few million microseconds.
    init?(seconds whole: Int, microseconds parts: Int) {
        let carry = parts.floorDivided(by: 1_000_000)
        let (total, overflow) = whole.addingReportingOverflow(carry.quotient)
        guard !overflow else { return nil }
        let split = total.floorDivided(by: 86_400)
        self.init(days: split.quotient, seconds: split.remainder, microseconds: carry.remainder)
    }

    /// The numbers as Python writes them; nil where they are not in Python's ranges.
    init?(days: Int, seconds: Int, microseconds: Int) {
        guard (-Self.largestDays...Self.largestDays).contains(days), (0..<86_400).contains(seconds),
            (0..<1_000_000).contains(microseconds)
        else { return nil }
        self.days = days
        self.seconds = seconds
        self.microseconds = microseconds
    }

    var totalSeconds: Double { Double(days) * 86_400 + Double(seconds) + Double(microseconds) / 1_000_000 }

    var duration: Duration { .seconds(days * 86_400 + seconds) + .microseconds(microseconds) }
}

extension Int {
    /// Division as Python does it: the remainder has the sign of the divisor, which must be above zero.
    func floorDivided(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

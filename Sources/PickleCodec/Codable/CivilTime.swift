/// The fields of a `datetime.datetime`, in the proleptic Gregorian calendar.
///
/// Python keeps them in ten bytes: year (2, big-endian), month (fold in its high bit), day, hour, minute, second,
/// microsecond (3, big-endian). `datetime(2020, 1, 2, 3, 4, 5, 678901)` is `07e4 01 02 03 04 05 0a5bf5`.
struct CivilTime: Equatable {
    var year: Int
    var month: Int
    var day: Int
    /// Seconds after midnight.
    var seconds: Int
    var microseconds: Int

    /// A time given by the seconds since 2001, as `Date` counts; nil outside the years 1 to 9999.
    init?(secondsSince2001: Double) {
        guard abs(secondsSince2001) < 1e12 else { return nil }
        let whole = secondsSince2001.rounded(.down)
        let micros = Int(((secondsSince2001 - whole) * 1_000_000).rounded()).floorDivided(by: 1_000_000)
        let (days, seconds) = (Int(whole) + micros.quotient).floorDivided(by: 86_400)
        self.init(daysSince2001: days)
        self.seconds = seconds
        microseconds = micros.remainder
    }

    /// Midnight of a day; nil outside the years 1 to 9999.
    ///
    /// Counts days from 1 March of year 0, so that a leap day is the last day of its year, in eras of 400 years.
    private init?(daysSince2001: Int) {
        let (era, dayOfEra) = (daysSince2001 + 730_791).floorDivided(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        seconds = 0
        microseconds = 0
        guard (1...9999).contains(year) else { return nil }
    }

    /// Python's ten bytes of a `datetime` or four of a `date`; nil where they are neither.
    init?(pythonBytes bytes: [UInt8]) {
        guard bytes.count == 10 || bytes.count == 4 else { return nil }
        year = Int(bytes[0]) << 8 | Int(bytes[1])
        month = Int(bytes[2] & 0x7f)
        day = Int(bytes[3])
        seconds = 0
        microseconds = 0
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        guard bytes.count == 10 else { return }
        let (hour, minute, second) = (Int(bytes[4]), Int(bytes[5]), Int(bytes[6]))
        seconds = hour * 3_600 + minute * 60 + second
        microseconds = Int(bytes[7]) << 16 | Int(bytes[8]) << 8 | Int(bytes[9])
        guard hour < 24, minute < 60, second < 60, microseconds < 1_000_000 else { return nil }
    }

    var pythonBytes: [UInt8] {
        let (hour, rest) = seconds.quotientAndRemainder(dividingBy: 3_600)
        return [
            year >> 8, year, month, day, hour, rest / 60, rest % 60, microseconds >> 16, microseconds >> 8,
            microseconds,
        ]
        .map { UInt8(truncatingIfNeeded: $0) }
    }

    /// Seconds since 2001, less `offset` microseconds of a time zone.
    func secondsSince2001(offsetMicroseconds offset: Int) -> Double {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = marchYear.floorDivided(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 730_791
        let shifted = (microseconds - offset).floorDivided(by: 1_000_000)
        return Double(days * 86_400 + seconds + shifted.quotient) + Double(shifted.remainder) / 1_000_000
    }
}

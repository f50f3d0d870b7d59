/// Lets arguments like `-3` through the argument parser, which takes everything that begins with a dash for an option.
///
/// They are marked on the way in, by a control character in front, and the mark is taken off again where arguments are
/// read. No option of this program begins with a digit.
enum NegativeNumbers {
    private static let mark: Character = "\u{1}"

    static func marked(_ arguments: [String]) -> [String] {
        arguments.map { argument in
            guard argument.first == "-", let digit = argument.dropFirst().first, digit.isNumber || digit == "." else {
                return argument
            }
            return "\(mark)\(argument)"
        }
    }

    static func unmarked(_ argument: String) -> String {
        argument.first == mark ? String(argument.dropFirst()) : argument
    }
}

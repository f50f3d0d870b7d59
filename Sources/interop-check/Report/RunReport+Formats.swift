import Foundation
import PeerProtocol

extension RunReport {
    /// The report for programs.
    var json: JSON {
        [
            "seed": .string(String(seed)),
            "package": .string("\(PythonEnvironment.package)==\(PythonEnvironment.packageVersion)"),
            "status": .int(Int(status)),
            "pythons": .array(pythons.map { .string($0) }),
            "results": .array(results.map(\.json)),
            "unusable": .array(unusable.map { ["reason": .string($0.reason), "remedy": .string($0.remedy)] }),
        ]
    }

    /// The report in JUnit's form: a suite for each Python, an error for each one that could not be used.
    var junit: String {
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, "<testsuites>"]
        for python in pythons {
            let results = results.filter { $0.python == python }
            let failed = results.count { $0.failure != nil }
            let name = "interop-check, Python \(python)".xmlEscaped
            lines.append(#"  <testsuite name="\#(name)" tests="\#(results.count)" failures="\#(failed)" errors="0">"#)
            lines += results.map(\.junit)
            lines.append("  </testsuite>")
        }
        if !unusable.isEmpty {
            lines.append(
                #"  <testsuite name="setup" tests="\#(unusable.count)" failures="0" errors="\#(unusable.count)">"#)
            for failure in unusable {
                lines.append(#"    <testcase classname="setup" name="\#(failure.reason.xmlEscaped)">"#)
                lines.append(#"      <error message="\#(failure.remedy.xmlEscaped)"/>"#)
                lines.append("    </testcase>")
            }
            lines.append("  </testsuite>")
        }
        return (lines + ["</testsuites>", ""]).joined(separator: "\n")
    }
}

extension CheckResult {
    fileprivate var json: JSON {
        [
            "check": .string(check),
            "promise": .string(promise),
            "python": .string(python),
            "outcome": failure == nil ? "passed" : "failed",
            "seconds": .double((seconds * 1000).rounded() / 1000),
            "message": failure.map { .string($0) } ?? nil,
        ]
    }

    fileprivate var junit: String {
        let time = String(format: "%.3f", seconds)
        let opening = #"    <testcase classname="Python \#(python)" name="\#(check.xmlEscaped)" time="\#(time)""#
        guard let failure else { return opening + "/>" }
        let text = failure.xmlEscaped
        return opening + ">\n" + #"      <failure message="\#(promise.xmlEscaped)">\#(text)</failure>"#
            + "\n    </testcase>"
    }
}

extension String {
    /// The text for XML, as content or attribute. XML knows no other control characters than these three.
    var xmlEscaped: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t", "\r": escaped.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff: escaped += "\u{fffd}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

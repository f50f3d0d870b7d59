// The stage that became Swift: takes jobs from a shared list, and puts the answers into a shared dict.

import Rememory

let vocabulary = try RememoryList<String>("example_vocabulary", capacity: 1 << 20)
let jobs = try RememoryList<Job?>("example_jobs", capacity: 1 << 20)
let answers = try RememoryDict<Int, Match>("example_answers", capacity: 1 << 20)
let ready = try RememoryBool("example_ready")
try ready.set(true)

var matcher: Matcher?
stage: while true {
    // All that is there, in one step, so that several such stages could share the work.
    let taken = try jobs.transaction { items in
        defer { items = [] }
        return items
    }
    if taken.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    var found: [(key: Int, value: Match)] = []
    var isLast = false
    for job in taken {
        guard let job else {
            isLast = true  // None: there will be no more
            break
        }
        if matcher == nil { matcher = Matcher(try vocabulary.items()) }
        if let match = matcher?.nearest(to: job.word) { found.append((job.id, match)) }
    }
    try answers.merge(found)
    if isLast { break stage }
}

// The answers are here for as long as somebody has them open; the pipeline says when it has read them.
while try ready.value { try await Task.sleep(for: .milliseconds(5)) }
try vocabulary.unlink(semaphore: true)
try jobs.unlink(semaphore: true)
try answers.unlink(semaphore: true)
try ready.unlink(semaphore: true)

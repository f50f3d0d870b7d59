// The simulation. It owns the blocks: it makes them, and removes them at its end.

import Rememory

let world = try RememoryDict<String, Species>("example_world")
let tick = try RememoryInt("example_tick")
let dashboard = try RememoryBool("example_dashboard")
defer {
    try? world.unlink(semaphore: true)
    try? tick.unlink(semaphore: true)
    try? dashboard.unlink(semaphore: true)
}

// Python attaches while nobody writes: attaching to a dict writes every entry back once more.
while try !dashboard.value { try await Task.sleep(for: .milliseconds(20)) }

try world.merge([
    ("grass", Species(count: 900)), ("rabbits", Species(count: 60)), ("foxes", Species(count: 12)),
])
for _ in 0..<80 {
    // One step against Python, which changes the grass: nothing that it does between two ticks is lost.
    try world.transaction { tx in
        guard let grass = try tx["grass"], let rabbits = try tx["rabbits"], let foxes = try tx["foxes"] else { return }
        var ecosystem = Ecosystem(grass: grass, rabbits: rabbits, foxes: foxes)
        ecosystem.advance()
        try tx.set(ecosystem.grass, for: "grass")
        try tx.set(ecosystem.rabbits, for: "rabbits")
        try tx.set(ecosystem.foxes, for: "foxes")
    }
    try tick.add(1)
    try await Task.sleep(for: .milliseconds(50))
}
try tick.set(-1)  // the end, for the dashboard

while try dashboard.value { try await Task.sleep(for: .milliseconds(20)) }

using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary>Invariants 1 to 4 on the real thing: a real process, a real disk, <c>kill -9</c> at random moments under load.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 32;
    private const int Clients = 4;
    private readonly string _data = Directory.CreateTempSubdirectory("kappa-kill-").FullName;

    [Fact]
    public async Task After_many_kills_every_acknowledged_event_is_there_once_and_views_equal_a_fold_from_scratch()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var loads = Enumerable.Range(0, Clients).Select(client => new Load(client, seed + client)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            await using var host = await HostProcess.StartAsync(_data);
            // Early in some rounds, while the host still catches up; later in others. Then at any instant of an append.
            var killAfter = random.Next(1, 60);
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var acknowledged = 0;
            using var stop = new CancellationTokenSource();
            var running = loads.Select(load => Task.Run(() => load.RunAsync(host.Client, () =>
            {
                if (Interlocked.Increment(ref acknowledged) == killAfter)
                    reached.TrySetResult();
            }, stop.Token))).ToArray();
            await Task.WhenAny(reached.Task, Task.WhenAll(running)).WaitAsync(TimeSpan.FromMinutes(2));
            Thread.SpinWait(random.Next(200_000));
            await host.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(running);
        }

        await using (var host = await HostProcess.StartAsync(_data))
        {
            // What was under way at the last kill is appended again, as clients do.
            foreach (var load in loads)
            {
                using var once = new CancellationTokenSource();
                await load.RunAsync(host.Client, once.Cancel, once.Token);
            }
            var ids = await Witness.IdsAsync(host.Client);
            foreach (var load in loads)
                Assert.Superset(load.Acknowledged, ids);
            // All else is acknowledged by now, so that there is nothing in the log that nobody appended.
            Assert.Equal(loads.Sum(load => load.Acknowledged.Count), ids.Count);
            output.WriteLine($"{ids.Count} events, {Rounds} kills");
            await Witness.AuditAsync(host.Client);
            var states = await Witness.StatesAsync(host.Client);
            await host.KillAsync();

            Directory.Delete(Path.Combine(_data, "views"), recursive: true);
            await using var scratch = await HostProcess.StartAsync(_data);
            await Witness.AuditAsync(scratch.Client);
            Assert.Equal(states, await Witness.StatesAsync(scratch.Client));
        }
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);
}

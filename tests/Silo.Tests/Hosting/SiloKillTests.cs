using Kappa.Silo.Hosting;
using Xunit.Abstractions;

namespace Kappa.Tests.Hosting;

/// <summary>The Orleans host without Azure, two silos in one real process, <c>kill -9</c> at random moments under load.</summary>
public sealed class SiloKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 6;
    private const int Clients = 3;
    private readonly string _data = Directory.CreateTempSubdirectory("kappa-silo-kill-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task After_kills_every_acknowledged_event_is_there_once_and_views_equal_those_of_the_embedded_engine()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var loads = Enumerable.Range(0, Clients).Select(client => new Load(client, seed + client)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            await using var host = await StartAsync();
            var killAfter = random.Next(1, 80);
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var acknowledged = 0;
            using var stop = new CancellationTokenSource();
            var running = loads.Select(load => Task.Run(() => load.RunAsync(host.Client, () =>
            {
                if (Interlocked.Increment(ref acknowledged) == killAfter)
                    reached.TrySetResult();
            }, stop.Token))).ToArray();
            await Task.WhenAny(reached.Task, Task.WhenAll(running)).WaitAsync(TimeSpan.FromMinutes(2));
            await host.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(running);
        }

        string states;
        await using (var host = await StartAsync())
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
            Assert.Equal(loads.Sum(load => load.Acknowledged.Count), ids.Count);
            output.WriteLine($"{ids.Count} events, {Rounds} kills");
            await Witness.AuditAsync(host.Client);
            states = await Witness.StatesAsync(host.Client);
            await host.KillAsync();
        }

        // The same log, folded by the other engine.
        await using var embedded = await HostProcess.StartAsync(_data);
        await Witness.AuditAsync(embedded.Client);
        Assert.Equal(await Witness.StatesAsync(embedded.Client), states);
    }

    private Task<HostProcess> StartAsync()
    {
        var ports = FreePorts.Of(4);
        return HostProcess.StartAsync(typeof(SiloHost).Assembly, _data, "--Kappa:Cluster:Silos", "2",
            "--Kappa:Cluster:SiloPort", $"{ports}", "--Kappa:Cluster:GatewayPort", $"{ports + 2}");
    }
}

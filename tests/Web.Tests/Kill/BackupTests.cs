using Kappa.Backups;
using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary>Backups of a real host under load, restored elsewhere.</summary>
public sealed class BackupTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 3;
    private const int Clients = 4;
    private readonly string _root = Directory.CreateTempSubdirectory("kappa-backup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_backup_taken_under_load_holds_all_that_was_acknowledged_before_it_began_and_its_views_are_complete()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var data = Path.Combine(_root, "data");
        var loads = Enumerable.Range(0, Clients).Select(client => new Load(client, seed + client)).ToArray();
        await using var host = await HostProcess.StartAsync(data);
        for (var round = 0; round < Rounds; round++)
        {
            using var stop = new CancellationTokenSource();
            var (acknowledged, enough) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var before = loads.Select(_ => new HashSet<string>()).ToArray();
            var running = loads.Select((load, client) => Task.Run(() => load.RunAsync(host.Client, () =>
            {
                // Each client notes what it knows to be acknowledged; the backup begins after all of these.
                lock (before)
                    before[client] = [.. load.Acknowledged];
                if (Interlocked.Increment(ref acknowledged) == 100)
                    enough.TrySetResult();
            }, stop.Token))).ToArray();
            await enough.Task.WaitAsync(TimeSpan.FromMinutes(2));
            HashSet<string> known;
            lock (before)
                known = [.. before.SelectMany(ids => ids)];
            var began = Volatile.Read(ref acknowledged);
            var target = Path.Combine(_root, $"backup-{round}");
            var manifest = await Backup.CreateAsync(data, target);
            var during = Volatile.Read(ref acknowledged) - began;
            await stop.CancelAsync();
            await Task.WhenAll(running);

            Assert.Empty(Backup.Verify(target, out _));
            var restored = Path.Combine(_root, $"restored-{round}");
            Backup.Restore(target, restored);
            await using var second = await HostProcess.StartAsync(restored);
            var ids = await Witness.IdsAsync(second.Client);
            Assert.Superset(known, ids);
            Assert.Equal(manifest.Cut.Count, ids.Count);
            Assert.Subset(loads.SelectMany(load => load.Acknowledged).ToHashSet(), ids);
            await Witness.AuditAsync(second.Client);
            output.WriteLine($"{known.Count} acknowledged before, {ids.Count} restored, {during} batches acknowledged meanwhile");
        }
        await Witness.AuditAsync(host.Client);
    }
}

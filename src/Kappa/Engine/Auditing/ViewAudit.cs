using System.Runtime.InteropServices;
using Kappa.Engine.Folding;
using Kappa.Engine.History;
using Kappa.Engine.Reading;
using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Auditing;

/// <summary>
/// Proves a build against the log. For each shard, at its committed watermark: routes every event of the log again,
/// adds up per key how many there are and their digest, and compares that with what the instance's record says it
/// applied and holds. What is missing, double or with the wrong key shows as a difference of count or digest.
/// Folds nothing and writes nothing; the view goes on meanwhile. Takes memory for every key of the view.
/// </summary>
internal sealed class ViewAudit<TState>(ShardSet<TState> shards, ILogReader log, ViewRouter<TState> router)
    where TState : class, IViewState<TState>
{
    private const int ProblemsMax = 100;
    private const int RunBytes = 512 << 10;

    private readonly List<AuditProblem> _problems = [];
    private readonly Dictionary<string, Expected> _expected = new(StringComparer.Ordinal);
    private HashSet<Position> _heldAtView = [];

    public async Task<AuditReport> RunAsync(CancellationToken cancellationToken)
    {
        var pins = shards.All.Select(shard => shard.Pin()).ToArray();
        try
        {
            var snapshots = await Task.WhenAll(shards.All.Select(shard => SnapshotAsync(shard, cancellationToken))).ConfigureAwait(false);
            _heldAtView = [.. snapshots.SelectMany(snapshot => snapshot.Unroutable).Select(unroutable => unroutable.Position)];
            var partitions = new List<AuditedPartition>();
            for (var p = 0; p < log.PartitionCount; p++)
                partitions.Add(await ExpectAsync(p, snapshots, cancellationToken).ConfigureAwait(false));
            var (applied, held) = (0L, (long)_heldAtView.Count);
            for (var i = 0; i < snapshots.Length; i++)
                Compare(shards.All[i], snapshots[i], ref applied, ref held);
            foreach (var (key, expected) in _expected)
                Report(key, $"the log has {expected.Count} events for it, but it has no record");
            var routed = partitions.Sum(partition => partition.Routed);
            if (routed != applied + held)
                Report(null, $"{routed} applications are called for, but {applied} were applied and {held} are held");
            return new AuditReport(shards.View.Name, _problems.Count == 0 && held == 0, routed, applied, held,
                snapshots.Select(snapshot => snapshot.Watermark).Aggregate(Cut.Min), partitions, _problems);
        }
        finally
        {
            foreach (var pin in pins)
                pin.Dispose();
        }
    }

    private static Task<ShardSnapshot> SnapshotAsync(Shard<TState> shard, CancellationToken cancellationToken) =>
        shard.AskAsync(_ => ValueTask.FromResult(new ShardSnapshot(shard.Watermark,
            [.. shard.Table.Entries.Where(entry => entry.Committed is not null).Select(entry => (entry.Key, entry.Committed!.Value))],
            shard.Unroutable.Read(null, int.MaxValue))), cancellationToken);

    /// <summary>Reads a partition up to the furthest shard and notes what each key should have had by its shard's watermark.</summary>
    private async Task<AuditedPartition> ExpectAsync(int partition, ShardSnapshot[] snapshots, CancellationToken cancellationToken)
    {
        var end = snapshots.Max(snapshot => snapshot.Watermark[partition]);
        var routed = 0L;
        for (var from = 0L; from < end;)
        {
            using var page = await log.ReadAsync(partition, from, RunBytes, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
            {
                Report(null, $"the view is at {partition}:{end}, but the log ends at {partition}:{from}");
                break;
            }
            routed += Expect(page, snapshots);
            from = page.Next;
        }
        return new AuditedPartition(partition, end, routed);
    }

    private long Expect(LogPage page, ShardSnapshot[] snapshots)
    {
        var (routed, keys) = (0L, default(RoutedKeys));
        foreach (ref readonly var recorded in page.Events)
        {
            var position = recorded.Position;
            if (_heldAtView.Contains(position))
            {
                routed++;
                continue;
            }
            var route = router.Route(recorded, ref keys);
            if (route.Status == RouteStatus.Unroutable && Array.Exists(snapshots, snapshot => snapshot.Watermark.Contains(position)))
                Report(null, $"{position} cannot be routed ({route.Problem}), but is not recorded as held");
            if (route.Status != RouteStatus.Routed)
                continue;
            for (var k = 0; k < keys.Count; k++)
                if (snapshots[PartitionFeed<TState>.ShardOf(keys[k], snapshots.Length)].Watermark.Contains(position))
                {
                    ref var expected = ref CollectionsMarshal.GetValueRefOrAddDefault(_expected, keys[k], out var known);
                    if (!known)
                        expected.Digester = new InstanceDigest(keys[k]);
                    expected.Count++;
                    expected.Digest += expected.Digester.Of(position);
                    routed++;
                }
        }
        return routed;
    }

    private void Compare(Shard<TState> shard, ShardSnapshot snapshot, ref long applied, ref long held)
    {
        foreach (var (key, committed) in snapshot.Instances)
        {
            if (!shard.Store.TryRead(committed.Address, out var bytes))
            {
                Report(key, $"its record is not where the table says ({committed.Address})");
                continue;
            }
            using (bytes)
            {
                var record = InstanceRecord.Read(bytes.Span);
                applied += record.Version;
                held += record.HeldCount;
                if (!_expected.Remove(key, out var expected))
                    expected.Digester = new InstanceDigest(key);
                var digest = record.Digest;
                if (DigestOf(shard, record, expected.Digester) != digest)
                    Report(key, "its history does not hold the positions that it applied (the digests differ)");
                if (record.HeldCount > 0)
                    foreach (var position in PositionHistory.Read(shard.Store, record.Held, record.HeldTail, 0, record.HeldCount))
                        digest += expected.Digester.Of(position);
                if (record.Version + record.HeldCount != expected.Count)
                    Report(key, $"the log has {expected.Count} events for it, but it applied {record.Version} and holds {record.HeldCount}");
                else if (digest != expected.Digest)
                    Report(key, $"it applied and holds {expected.Count} events, but not the ones that the log has for it (the digests differ)");
                if (record.Quarantine is { } quarantine)
                    Report(key, $"quarantined at {quarantine.Position} with {record.HeldCount} events held: {quarantine.Reason}");
            }
        }
    }

    private static UInt128 DigestOf(Shard<TState> shard, InstanceRecord record, InstanceDigest digester)
    {
        UInt128 digest = 0;
        foreach (var position in PositionHistory.Read(shard.Store, record.Applied, record.AppliedTail, 0, record.Version))
            digest += digester.Of(position);
        return digest;
    }

    private void Report(string? key, string reason)
    {
        if (_problems.Count < ProblemsMax)
            _problems.Add(new AuditProblem(key, reason));
    }

    private struct Expected
    {
        public InstanceDigest Digester;
        public long Count;
        public UInt128 Digest;
    }
}

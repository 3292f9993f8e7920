using System.Runtime.InteropServices;
using Kappa.Grains.Auditing;
using Kappa.Grains.Instances;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Reading;

/// <summary>
/// Proves a build against the log, at the cut that its auditors have reached: routes every event again, adds up per key, and compares with what the
/// instances have of that cut in their histories. Folds nothing and writes nothing. Takes memory for every key of the view.
/// </summary>
internal sealed class ViewProof(Serving serving, WindowReader reader, ILogReader log, int duplicateWindow)
{
    private const int ProblemsMax = 100;
    private const int AtOnce = 64;
    private const int WindowEvents = 8_192;

    private readonly Dictionary<string, Expected> _expected = new(StringComparer.Ordinal);
    private readonly List<AuditProblem> _problems = [];

    public async Task<AuditReport> RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _expected.Clear();
            _problems.Clear();
            if (await TryAsync(cancellationToken).ConfigureAwait(false) is { } report)
                return report;
        }
    }

    /// <summary>Null if an event that was held at the view was released meanwhile: then nobody knows who was asked before that and who after.</summary>
    private async Task<AuditReport?> TryAsync(CancellationToken cancellationToken)
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, log.PartitionCount).Select(p => serving.Auditor(p).StatusAsync())).ConfigureAwait(false);
        var cut = new Cut([.. statuses.Select(status => status.Next)]);
        var (applied, held) = (0L, 0L);
        var partitions = new List<AuditedPartition>();
        var heldAtView = await HeldAsync(cut).ConfigureAwait(false);
        for (var p = 0; p < log.PartitionCount; p++)
        {
            foreach (var (sequence, reason) in heldAtView[p])
                Report(null, $"{new Position(p, sequence)} is held at the view: {reason}");
            var routed = await ExpectAsync(p, cut[p], heldAtView[p], cancellationToken).ConfigureAwait(false) + heldAtView[p].Count;
            held += heldAtView[p].Count;
            partitions.Add(new AuditedPartition(p, cut[p], routed));
        }
        foreach (var key in (await Task.WhenAll(serving.Indexes.Select(index => index.AllAsync())).ConfigureAwait(false)).SelectMany(keys => keys))
            CollectionsMarshal.GetValueRefOrAddDefault(_expected, key, out _).IsListed = true;
        long[] next = [.. Enumerable.Range(0, cut.PartitionCount).Select(p => cut[p])];
        foreach (var part in _expected.Chunk(AtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var counts = await Task.WhenAll(part.Select(one => serving.Instance(one.Key).CountAsync(next))).ConfigureAwait(false);
            for (var i = 0; i < part.Length; i++)
            {
                (applied, held) = (applied + counts[i].Applied, held + counts[i].Held);
                Compare(part[i].Key, part[i].Value, counts[i]);
            }
        }
        var heldYet = await HeldAsync(cut).ConfigureAwait(false);
        if (heldAtView.Where((before, p) => before.Keys.Any(sequence => !heldYet[p].ContainsKey(sequence))).Any())
            return null;
        var total = partitions.Sum(partition => partition.Routed);
        if (total != applied + held)
            Report(null, $"{total} applications are called for, but {applied} were applied and {held} are held");
        return new AuditReport(serving.View.Name, _problems.Count == 0 && held == 0, total, applied, held, cut, partitions, _problems);
    }

    /// <summary>For each partition what could not be routed by then, with the reason. It counts as held though it may be routed by now: no instance was given it.</summary>
    private Task<Dictionary<long, string>[]> HeldAsync(Cut cut) => Task.WhenAll(Enumerable.Range(0, cut.PartitionCount).Select(async p =>
        (await serving.Auditor(p).HeldAsync(-1, int.MaxValue).ConfigureAwait(false)).Where(held => held.Sequence < cut[p]).ToDictionary(held => held.Sequence, held => held.Reason)));

    /// <returns>How many applications the log calls for, those of held events left out.</returns>
    private async Task<long> ExpectAsync(int partition, long to, Dictionary<long, string> heldAtView, CancellationToken cancellationToken)
    {
        var routed = 0L;
        using var duplicates = await DuplicateFilter.OpenAsync(log, partition, duplicateWindow, 0, cancellationToken).ConfigureAwait(false);
        for (var from = 0L; from < to;)
        {
            using var window = await reader.ReadAsync(partition, duplicates, to, WindowEvents, cancellationToken).ConfigureAwait(false);
            if (window.Next == from)
            {
                Report(null, $"the view is at {partition}:{to}, but the log ends at {partition}:{from}");
                break;
            }
            foreach (var (sequence, reason) in window.Held)
                if (sequence < to && !heldAtView.ContainsKey(sequence))
                    Report(null, $"{new Position(partition, sequence)} cannot be routed ({reason}), but is not recorded as held");
            foreach (var key in window.Keys)
            {
                ref var expected = ref CollectionsMarshal.GetValueRefOrAddDefault(_expected, key, out var known);
                if (!known)
                    expected.Digester = new InstanceDigest(key);
                foreach (var sequence in window.Question(key, withEvents: false).Sequences)
                    if (sequence < to && !heldAtView.ContainsKey(sequence))
                    {
                        expected.Count++;
                        expected.Digest += expected.Digester.Of(new Position(partition, sequence));
                        routed++;
                    }
            }
            from = window.Next;
        }
        return routed;
    }

    private void Compare(string key, Expected expected, InstanceCount count)
    {
        if (count.Problem is { } problem)
            Report(key, problem);
        if (count.Applied + count.Held != expected.Count)
            Report(key, $"the log has {expected.Count} events for it, but it applied {count.Applied} and holds {count.Held}");
        else if (count.Digest != expected.Digest)
            Report(key, $"it applied and holds {expected.Count} events, but not the ones that the log has for it (the digests differ)");
        else if (!expected.IsListed && expected.Count > 0)
            Report(key, "it has its events, but the index does not know of it");
        if (count.Quarantined is { } stopped)
            Report(key, stopped);
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
        public bool IsListed;
    }
}

using Kappa.Engine.Reading;
using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// Finds a fold whose code changed without a new version: folds a few instances again from their history and compares the bytes, and routes
/// a few events again and looks whether their instances have them. Runs
/// when a build is opened, before anything new is folded. It proves nothing where it finds nothing (an audit and a rebuild
/// do), but costs little: at most <see cref="EventsMax"/> events.
/// </summary>
internal sealed class SuspectCheck<TState>(ShardSet<TState> shards, ILogReader log, ViewRouter<TState> router)
    where TState : class, IViewState<TState>
{
    public const int EventsMax = 4_000;
    private const int InstancesMax = 16;
    private const int CandidatesMax = 4_096;
    private const long VersionMax = 500;
    private const int RoutedBytes = 16 << 10;
    private const int RoutedMax = 64;

    /// <summary>What is wrong; null if nothing was found.</summary>
    public string? Run() => RunAsync().AsTask().GetAwaiter().GetResult();

    private async ValueTask<string?> RunAsync()
    {
        try
        {
            return await FoldSomeAsync().ConfigureAwait(false) ?? await RouteSomeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentOutOfRangeException)
        {
            // Log or store cannot be read there: an audit tells more of that, and it proves nothing about the fold.
            return null;
        }
    }

    /// <summary>Folds some instances again: what they applied must give the state that they have.</summary>
    private async ValueTask<string?> FoldSomeAsync()
    {
        var events = 0L;
        using var fold = new InstanceFold<TState>(shards.View, router);
        using var fetcher = new EventFetcher(log);
        foreach (var (shard, key) in Some())
        {
            if (Read(shard, key) is not { } read)
                continue;
            if ((events += read.Record.Version) > EventsMax)
                return null;
            try
            {
                fold.Start(key, null);
                foreach (var position in PositionHistory.Read(shard.Store, read.Record.Applied, read.Record.AppliedTail, 0, read.Record.Version))
                    fold.Take(await fetcher.GetAsync(position, CancellationToken.None).ConfigureAwait(false));
                if (!fold.Write().AsSpan().SequenceEqual(read.State))
                    return Changed($"Folding '{key}' again gives another state than the stored one");
            }
            catch (Exception e) when (e is not (IOException or InvalidDataException or ArgumentOutOfRangeException))
            {
                // A state that cannot be folded or written any more is a change of code as well.
                return Changed($"Folding '{key}' again fails: {e.Message}");
            }
        }
        return null;
    }

    /// <summary>Routes some events again: those instances must have applied them, or hold them.</summary>
    private async ValueTask<string?> RouteSomeAsync()
    {
        var watermark = shards.Watermark;
        for (var p = 0; p < log.PartitionCount; p++)
        {
            var (first, next) = (log.First(p), Math.Min(watermark[p], log.Next(p)));
            if (next <= first)
                continue;
            using var page = await log.ReadAsync(p, first + (next - first) / 2, RoutedBytes, CancellationToken.None).ConfigureAwait(false);
            if (Route(page, next) is { } missing)
                return missing;
        }
        return null;
    }

    private string? Route(LogPage page, long next)
    {
        var keys = default(RoutedKeys);
        foreach (ref readonly var recorded in page.Events[..Math.Min(page.Count, RoutedMax)])
        {
            var position = recorded.Position;
            // What was held at the view is held until it is retried, however it would be routed now.
            if (position.Sequence >= next || shards.All.Any(shard => shard.Unroutable.Contains(position)) || router.Route(recorded, ref keys).Status != RouteStatus.Routed)
                continue;
            for (var k = 0; k < keys.Count; k++)
            {
                var shard = shards.Of(keys[k]);
                if (Read(shard, keys[k]) is not { } read)
                    return Changed($"{position} now goes to '{keys[k]}', which does not have it");
                var record = read.Record;
                if (record.Quarantine is null && record.Version <= VersionMax
                    && !PositionHistory.Read(shard.Store, record.Applied, record.AppliedTail, 0, record.Version).Contains(position))
                    return Changed($"{position} now goes to '{keys[k]}', which has not applied it");
            }
        }
        return null;
    }

    private string Changed(string what) => $"{what}: the fold's code changed, but the version is still {shards.View.Version}. "
        + "Give the view a new version, or rebuild this one; until then its states may be a mixture.";

    private static (InstanceRecord Record, byte[]? State)? Read(Folding.Shard<TState> shard, string key)
    {
        using var bytes = ShardSet<TState>.Read(shard, key);
        if (bytes is null)
            return null;
        var record = InstanceRecord.Read(bytes.Span);
        return (record, record.HasState ? bytes.Span[record.StateOffset..].ToArray() : null);
    }

    /// <summary>Of each shard: those of many events, in which a change is likeliest to show, and some of few.</summary>
    private IEnumerable<(Folding.Shard<TState> Shard, string Key)> Some()
    {
        var each = Math.Max(1, InstancesMax / shards.All.Count / 2);
        foreach (var shard in shards.All)
        {
            var candidates = shard.Table.Entries.Where(entry => entry.Committed is { Version: > 0 and <= VersionMax }).Take(CandidatesMax)
                .OrderByDescending(entry => entry.Committed!.Value.Version).ThenBy(entry => entry.Key, StringComparer.Ordinal).ToList();
            foreach (var entry in candidates.Take(each).Concat(candidates.Skip(Math.Max(each, candidates.Count - each))))
                yield return (shard, entry.Key);
        }
    }
}

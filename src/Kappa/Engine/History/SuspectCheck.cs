using Kappa.Engine.Reading;
using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// Finds a fold whose code changed without a new version: folds a few instances again from their history and compares the bytes. Runs
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

    /// <summary>What is wrong; null if nothing was found.</summary>
    public string? Run() => RunAsync().AsTask().GetAwaiter().GetResult();

    private async ValueTask<string?> RunAsync()
    {
        var events = 0L;
        using var fold = new InstanceFold<TState>(shards.View, router);
        using var fetcher = new EventFetcher(log);
        foreach (var (shard, key) in Some())
        {
            try
            {
                InstanceRecord record;
                byte[]? stored;
                using (var bytes = ShardSet<TState>.Read(shard, key))
                {
                    if (bytes is null)
                        continue;
                    record = InstanceRecord.Read(bytes.Span);
                    stored = record.HasState ? bytes.Span[record.StateOffset..].ToArray() : null;
                }
                if ((events += record.Version) > EventsMax)
                    return null;
                fold.Start(key, null);
                foreach (var position in PositionHistory.Read(shard.Store, record.Applied, record.AppliedTail, 0, record.Version))
                    fold.Take(await fetcher.GetAsync(position, CancellationToken.None).ConfigureAwait(false));
                if (!fold.Write().AsSpan().SequenceEqual(stored))
                    return $"Folding '{key}' again gives another state than the stored one: the fold's code changed, but the version is still {shards.View.Version}. "
                        + "Give the view a new version, or rebuild this one; until then its states may be a mixture.";
            }
            catch (ViewFailedException e)
            {
                return $"{e.Message} Until then its states may be a mixture.";
            }
            catch (Exception e) when (e is IOException or InvalidDataException or ArgumentOutOfRangeException)
            {
                // Log or store cannot be read there: an audit tells more of that, and it proves nothing about the fold.
                return null;
            }
#pragma warning disable CA1031 // A state that can no longer be written is a change of code as well.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return $"Folding '{key}' again fails: {e.Message} The fold's code changed, but the version is still {shards.View.Version}. Give the view a new version, or rebuild this one.";
            }
        }
        return null;
    }

    /// <summary>Of each shard: those of many events, in which a change is likeliest to show, and some of few.</summary>
    private IEnumerable<(Folding.Shard<TState> Shard, string Key)> Some()
    {
        var each = Math.Max(1, InstancesMax / shards.All.Count / 2);
        foreach (var shard in shards.All)
        {
            var candidates = shard.Table.Entries.Where(entry => entry.Committed is { Version: > 0 and <= VersionMax }).Take(CandidatesMax)
                .OrderByDescending(entry => entry.Committed!.Version).ThenBy(entry => entry.Key, StringComparer.Ordinal).ToList();
            foreach (var entry in candidates.Take(each).Concat(candidates.Skip(Math.Max(each, candidates.Count - each))))
                yield return (shard, entry.Key);
        }
    }
}

using System.Collections.Concurrent;
using Kappa.Grains.Builds;
using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>
/// What the instances of this silo have to tell the indexes: collected per shard, one call under way at a time, so that many small
/// changes travel together. Thread-safe.
/// </summary>
internal sealed class IndexOutbox(IGrainFactory grains, IndexShards shards)
{
    private readonly ConcurrentDictionary<string, Shard> _shards = new(StringComparer.Ordinal);

    /// <summary>Ends when the index has it durably; fails if that could not be had.</summary>
    public Task SendAsync(BuildName build, IndexEntry entry) =>
        _shards.GetOrAdd(shards.GrainKeyOf(build, entry.Key), key => new Shard(() => grains.GetGrain<IViewIndexGrain>(key))).SendAsync(entry);

    private sealed class Shard(Func<IViewIndexGrain> grain)
    {
        /// <summary>Of one call; far below what a message between silos may have (100 MiB), whatever lookup values are like.</summary>
        private const int BytesMax = 1 << 20;

        private readonly Lock _gate = new();
        private List<IndexEntry> _entries = [];
        private TaskCompletionSource _sent = NewPromise();
        private bool _isPumping;

        public Task SendAsync(IndexEntry entry)
        {
            lock (_gate)
            {
                _entries.Add(entry);
                if (!_isPumping)
                {
                    _isPumping = true;
                    _ = Task.Run(PumpAsync);
                }
                return _sent.Task;
            }
        }

        private async Task PumpAsync()
        {
            while (true)
            {
                List<IndexEntry> entries;
                TaskCompletionSource sent;
                lock (_gate)
                {
                    if (_entries.Count == 0)
                    {
                        _isPumping = false;
                        return;
                    }
                    (entries, sent) = (_entries, _sent);
                    (_entries, _sent) = ([], NewPromise());
                }
                try
                {
                    foreach (var part in IndexEntries.Split(entries, BytesMax))
                        await grain().UpdateAsync(part);
                    sent.SetResult();
                }
#pragma warning disable CA1031 // Told to whoever waits for it, which tries again.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    sent.SetException(e);
                    _ = sent.Task.Exception; // Not everybody waits.
                }
            }
        }

        private static TaskCompletionSource NewPromise() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

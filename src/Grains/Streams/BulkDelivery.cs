using Kappa.Grains.Auditing;
using Kappa.Grains.Builds;
using Orleans;

namespace Kappa.Grains.Streams;

/// <summary>
/// Has auditors bring the instances a stretch of a partition that is too long for streams. A stream costs a call for every few events; an auditor
/// brings an instance all it must have of a window with one call that proves it too. Streams wait meanwhile: what they brought out of order would
/// be folded twice. Thread-safe.
/// </summary>
internal sealed class BulkDelivery(FanOut fanOut, IGrainFactory grains)
{
    /// <summary>So far behind, streams give way. They take about half a second for so many events of one partition.</summary>
    public const int BehindEvents = 8_192;

    private const int WaitMilliseconds = 1_000;

    /// <summary>
    /// Returns when each live build has everything before a sequence, but for those whose auditor does not get on: their events come once it does.
    /// </summary>
    public Task BringAsync(int partition, long next, CancellationToken cancellationToken) =>
        Task.WhenAll(fanOut.Builds().Select(build => BringAsync(build, partition, next, cancellationToken)));

    private async Task BringAsync(BuildName build, int partition, long next, CancellationToken cancellationToken)
    {
        var auditor = grains.GetGrain<IPartitionAuditorGrain>(PartitionAuditorGrain.KeyOf(build, partition));
        try
        {
            for (long before = -1, now = 0; now < next && now != before;)
                (before, now) = (now, await auditor.BringAsync(next, WaitMilliseconds).WaitAsync(cancellationToken));
        }
#pragma warning disable CA1031 // An auditor that cannot be asked is about to move or to end; streams need not wait for it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
        }
    }
}

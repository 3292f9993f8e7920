using System.Globalization;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// What Event Hubs Capture has archived of a hub, read like the part of a log that retention has removed. The files are by
/// others and have no index: where one begins is found by its first block, and what lies in its middle by reading up to
/// there, so it is made for reading on and on. They are listed by day, where a reader comes to it: opening asks for the first one of each
/// partition, and memory is bounded, for each partition, by a block, the names of four days' files and some bytes a day. Thread-safe.
/// </summary>
public sealed class CapturedHub : ICapturedEvents, IAsyncDisposable
{
    private const int AtOnce = 8;

    /// <summary>How often those partitions are looked at of which nothing is captured yet.</summary>
    private static readonly TimeSpan _period = TimeSpan.FromMinutes(1);

    private readonly CapturedHubPartition[] _partitions;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;

    private CapturedHub(CapturedHubPartition[] partitions, TimeProvider time)
    {
        _partitions = partitions;
        _looking = LookAsync(time, _stop.Token);
    }

    /// <param name="store">Where Event Hubs Capture writes to.</param>
    /// <param name="space">The namespace's name, as it stands in the paths of the files.</param>
    /// <param name="partitions">How many partitions the hub has.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static async Task<CapturedHub> OpenAsync(ICaptureStore store, string space, string hub, int partitions, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        time ??= TimeProvider.System;
        var opened = Enumerable.Range(0, partitions)
            .Select(partition => new CapturedHubPartition(store, space, hub, partition, time)).ToArray();
        await LookAsync(opened, cancellationToken).ConfigureAwait(false);
        return new CapturedHub(opened, time);
    }

    public bool IsEmpty(int partition) => _partitions[partition].First < 0;

    public long First(int partition) => Math.Max(0, _partitions[partition].First);

    public ValueTask LookAsync(int partition, CancellationToken cancellationToken = default) => _partitions[partition].LookAsync(cancellationToken);

    public async ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, First(partition));
        try
        {
            return await _partitions[partition].ReadAsync(from, bytesMax, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CaptureCorruptException or FileNotFoundException)
        {
            throw new LogCorruptException(string.Create(CultureInfo.InvariantCulture,
                $"Partition {partition} cannot be read from sequence {from} on. {e.Message} Restore the file from a backup."), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _looking.ConfigureAwait(false);
        _stop.Dispose();
        foreach (var partition in _partitions)
            await partition.DisposeAsync().ConfigureAwait(false);
    }

    private static Task LookAsync(IEnumerable<CapturedHubPartition> partitions, CancellationToken cancellationToken) => Parallel.ForEachAsync(partitions,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, (partition, stop) => partition.LookAsync(stop));

    /// <summary>A process may be older than the first file. It must know of it before the hub removes what is in it.</summary>
    private async Task LookAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_period, time);
        while (_partitions.Any(partition => partition.First < 0))
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
                await LookAsync(_partitions, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or CaptureCorruptException)
            {
                // Whoever reads there is told; the next round tries again.
            }
    }
}

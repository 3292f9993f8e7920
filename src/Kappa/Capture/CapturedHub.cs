using System.Globalization;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// What Event Hubs Capture has archived of a hub, read like the part of a log that retention has removed. The files are by
/// others and have no index: where one begins is found by its first block, and what lies in its middle by reading up to
/// there, so it is made for reading on and on. Memory is bounded by a block and some bytes a file. Thread-safe.
/// </summary>
public sealed class CapturedHub : ICapturedEvents, IAsyncDisposable
{
    private readonly CapturedHubPartition[] _partitions;

    private CapturedHub(CapturedHubPartition[] partitions) => _partitions = partitions;

    /// <param name="store">Where Event Hubs Capture writes to.</param>
    /// <param name="space">The namespace's name, as it stands in the paths of the files.</param>
    /// <param name="partitions">How many partitions the hub has.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static async Task<CapturedHub> OpenAsync(ICaptureStore store, string space, string hub, int partitions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var opened = Enumerable.Range(0, partitions)
            .Select(partition => new CapturedHubPartition(store, space, hub, partition)).ToArray();
        foreach (var partition in opened)
            await partition.OpenAsync(cancellationToken).ConfigureAwait(false);
        return new CapturedHub(opened);
    }

    public bool IsEmpty(int partition) => _partitions[partition].First < 0;

    public long First(int partition) => Math.Max(0, _partitions[partition].First);

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
        foreach (var partition in _partitions)
            await partition.DisposeAsync().ConfigureAwait(false);
    }
}

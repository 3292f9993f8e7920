using Kappa.Grains.Streams;
using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>The log as the silos read it, for processes that must not read it themselves. Any number of these answer at a time.</summary>
[Alias("kappa.log")]
public interface ILogGrain : IGrainWithIntegerKey
{
    /// <summary>Where the partitions begin and end.</summary>
    [Alias("ends")]
    Task<LogEnds> EndsAsync();

    /// <summary>The same, after the log itself was asked where a partition ends.</summary>
    [Alias("end")]
    Task<LogEnds> EndAsync(int partition);

    /// <summary>A run of events from a sequence on; empty at the end of the log.</summary>
    [Alias("read")]
    Task<EventRun> ReadAsync(int partition, long from, int bytesMax);

    /// <summary>Ends when a sequence can be read, or after some seconds.</summary>
    [Alias("wait")]
    Task<LogEnds> WaitAsync(int partition, long sequence);

    /// <summary>The sequence behind the last event of an append that its receipt names by mark; -1 if its events did not come within some seconds.</summary>
    [Alias("resolve")]
    Task<long> ResolveAsync(string mark);
}

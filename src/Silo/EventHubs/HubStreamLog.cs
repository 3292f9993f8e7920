namespace Kappa.Silo.EventHubs;

/// <summary>What the stream provider on a hub tells its operators.</summary>
internal sealed partial class HubStreamLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Information, "Streams of partition {Partition} begin at {Next}, once up to {Window} events before it were read for duplicates")]
    public partial void Opening(int partition, long next, int window);

    [LoggerMessage(2, LogLevel.Information, "Streams of partition {Partition} deliver from {Next} on; reading for duplicates took {Elapsed}")]
    public partial void Opened(int partition, long next, TimeSpan elapsed);
}

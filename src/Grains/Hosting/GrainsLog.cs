using Kappa.Grains.Builds;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Kappa.Grains.Hosting;

/// <summary>What the engine tells its operators.</summary>
internal sealed partial class GrainsLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Warning, "A delivery to {Build} '{Key}' failed; the auditor makes up for it")]
    public partial void LostDelivery(BuildName build, string key, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The last change of {Build} '{Key}' could not be written; the auditor makes up for it")]
    public partial void LostWrite(BuildName build, string key, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "The last change of {Grain} could not be written in time; the auditor makes up for it")]
    public partial void LostWriteBehind(GrainId grain, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The audit of {Build}, partition {Partition}, failed; it is tried again from where it was")]
    public partial void AuditFailed(BuildName build, int partition, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "{Build}, partition {Partition}: {Missing} events were missing and {Extra} too much in the window up to {Next}; mended")]
    public partial void Mended(BuildName build, int partition, long missing, long extra, long next);

    [LoggerMessage(5, LogLevel.Warning, "The builds of {View} could not be looked after; it is tried again")]
    public partial void UpkeepFailed(string view, Exception exception);

    [LoggerMessage(6, LogLevel.Information, "{Build} is made: no other serves {View}")]
    public partial void Made(BuildName build, string view);

    [LoggerMessage(7, LogLevel.Information, "{Build} serves now")]
    public partial void Serves(BuildName build);

    [LoggerMessage(8, LogLevel.Warning, "Documents of {Build} '{Key}' that are no longer used could not be deleted")]
    public partial void LeftOver(BuildName build, string key, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "{Build} was discarded but could not be deleted completely; it is tried again after {Pause}")]
    public partial void NotCleared(BuildName build, TimeSpan pause, Exception exception);
}

using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Web.Api;
using Kappa.Web.Hosting;

namespace Kappa.Silo.Hosting;

/// <summary>The hub, and what Capture has archived of it, over the life of a host. Opened before the host starts.</summary>
internal sealed partial class AzureLog(AzureServices azure, SiloSettings settings, TimeProvider time, ILogger<AzureLog> logger) : ILogProblems, IAsyncDisposable
{
    private EventHubLog? _hub;
    private CapturedHub? _captured;
    private ILogReader? _reader;

    public ILogWriter Writer => Opened(_hub);

    /// <summary>The hub and its capture as one; for a process that may read them.</summary>
    public ILogReader Reader => Opened(_reader);

    public IReadOnlyList<string> Current => _hub?.Problems ?? [];

    /// <summary>Event Hubs captures by itself.</summary>
    public IReadOnlyList<string> OfCapture => [];

    /// <exception cref="SetupException">The hub or the archive cannot be reached; the message says what to do.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            _hub = await azure.OpenLogAsync(new EventHubLogOptions { Limits = settings.Log }, time, cancellationToken);
            // Who only appends needs no archive, and may not read it.
            _reader = settings.IsSilo ? await WithCaptureAsync(_hub, cancellationToken) : _hub;
        }
        catch (Exception e) when (e is LogUnavailableException or IOException)
        {
            throw new SetupException($"The log cannot be opened. {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_captured is not null)
            await _captured.DisposeAsync();
        if (_hub is not null)
            await _hub.DisposeAsync();
    }

    /// <summary>With its capture, if there is one, the log loses nothing to retention.</summary>
    private async Task<ILogReader> WithCaptureAsync(EventHubLog hub, CancellationToken cancellationToken)
    {
        _captured = await azure.OpenCaptureAsync(hub, time, cancellationToken);
        if (_captured is not null)
            return new TieredLog(hub, _captured);
        LogNoCapture(logger);
        return hub;
    }

    private static T Opened<T>(T? part) where T : class => part ?? throw new InvalidOperationException("The log is not open yet; start the host with SiloHost.StartAsync.");

    [LoggerMessage(1, LogLevel.Warning, "Kappa:Azure:Capture:Uri is not set. What the hub's retention removes is gone for this silo: a view that is built anew, or stood still for longer, "
        + "stops there, and reads as of older moments are refused. Set it to the container that Event Hubs Capture writes to.")]
    private static partial void LogNoCapture(ILogger logger);
}

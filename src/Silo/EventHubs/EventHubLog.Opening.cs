using System.Globalization;
using System.Text;
using Azure.Core;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>Opening, and what goes on in the background for as long as it is open.</summary>
public sealed partial class EventHubLog
{
    /// <summary>Opens the log on a hub, with a managed identity or whatever the credential stands for.</summary>
    /// <exception cref="LogUnavailableException">The hub cannot be reached, or says no; the message tells what to do.</exception>
    public static Task<EventHubLog> OpenAsync(string fullyQualifiedNamespace, string hub, string consumerGroup, TokenCredential credential,
        EventHubLogOptions? options = null, TimeProvider? time = null, CancellationToken cancellationToken = default) =>
        OpenAsync(AzureHub.Of(fullyQualifiedNamespace, hub, consumerGroup, credential), options, time, cancellationToken);

    /// <summary>Opens the log with a connection string, for emulators.</summary>
    /// <param name="hub">The hub; null if the connection string names it.</param>
    /// <exception cref="LogUnavailableException">The hub cannot be reached, or says no; the message tells what to do.</exception>
    public static Task<EventHubLog> OpenAsync(string connectionString, string? hub, string consumerGroup,
        EventHubLogOptions? options = null, TimeProvider? time = null, CancellationToken cancellationToken = default) =>
        OpenAsync(AzureHub.Of(connectionString, hub, consumerGroup), options, time, cancellationToken);

    internal static async Task<EventHubLog> OpenAsync(IHub hub, EventHubLogOptions? options, TimeProvider? time, CancellationToken cancellationToken)
    {
        options ??= new EventHubLogOptions();
        if (options.Limits.Validate() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        try
        {
            var properties = await hub.DescribeAsync(cancellationToken);
            var ids = properties.PartitionIds.OrderBy(id => int.Parse(id, CultureInfo.InvariantCulture)).ToArray();
            var name = $"{hub.Name.ToLowerInvariant()}/{properties.CreatedOn.UtcTicks.ToString(CultureInfo.InvariantCulture)}";
            var log = new EventHubLog(hub, ids, (long)(Kappa.Log.StableHash.Of(Encoding.UTF8.GetBytes(name)) & long.MaxValue), options, time ?? TimeProvider.System);
            await log.RefreshAsync(cancellationToken);
            return log;
        }
        catch (Exception e) when (HubFailure.IsOfHub(e))
        {
            await hub.DisposeAsync();
            throw HubFailure.Of(e, hub.Name, "be opened");
        }
    }

    private async Task RefreshAllAsync()
    {
        try
        {
            while (await _refresh.WaitForNextTickAsync(_stop.Token))
                try
                {
                    await RefreshAsync(_stop.Token);
                    foreach (var partition in _partitions)
                        await partition.CloseIdleAsync();
                    Volatile.Write(ref _problem, null);
                }
                catch (Exception e) when (!_stop.IsCancellationRequested)
                {
                    // Whatever it is, the next round asks again.
                    Volatile.Write(ref _problem, e is LogUnavailableException ? e.Message : HubFailure.Of(e, _hub.Name, "let go of readers that nobody uses").Message);
                }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Closing is how it ends.
        }
    }
}

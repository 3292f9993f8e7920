using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Messaging.EventHubs;
using Azure.Storage.Blobs;
using Kappa.Capture;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Silo.Storage;

namespace Kappa.Silo.Hosting;

/// <summary>The clients of the services that the settings name, each entered with the host's identity unless it has a connection string.</summary>
public sealed class AzureServices(AzureOptions options)
{
    private readonly Lazy<TokenCredential> _credential = new(() => new DefaultAzureCredential(
        new DefaultAzureCredentialOptions { ManagedIdentityClientId = options.ClientId, WorkloadIdentityClientId = options.ClientId }));

    public AzureOptions Options => options;

    public TokenCredential Credential => _credential.Value;

    /// <summary>The hub's name, wherever it is said.</summary>
    public string Hub => options.EventHubs.Hub is { Length: > 0 } hub ? hub
        : EventHubsConnectionStringProperties.Parse(options.EventHubs.ConnectionString!).EventHubName;

    /// <summary>The namespace's full host name, wherever it is said.</summary>
    public string Namespace => options.EventHubs.Namespace ?? EventHubsConnectionStringProperties.Parse(options.EventHubs.ConnectionString!).FullyQualifiedNamespace;

    /// <summary>A connection to the hub, for the stream provider.</summary>
    public EventHubConnection Connect(EventHubConnectionOptions? how = null) => options.EventHubs switch
    {
        { ConnectionString: { } connection, Hub: { Length: > 0 } hub } when EventHubsConnectionStringProperties.Parse(connection).EventHubName is null or "" =>
            new EventHubConnection(connection, hub, how ?? new EventHubConnectionOptions()),
        { ConnectionString: { } connection } => new EventHubConnection(connection, how ?? new EventHubConnectionOptions()),
        var hub => new EventHubConnection(hub.Namespace, hub.Hub, Credential, how ?? new EventHubConnectionOptions()),
    };

    /// <summary>Opens the hub as the log, without its capture.</summary>
    /// <exception cref="LogUnavailableException">The hub cannot be reached, or says no.</exception>
    public Task<EventHubLog> OpenLogAsync(EventHubLogOptions? log = null, TimeProvider? time = null, CancellationToken cancellationToken = default) =>
        options.EventHubs is { ConnectionString: { } connection } hub
            ? EventHubLog.OpenAsync(connection, hub.Hub, hub.ConsumerGroup, log, time, cancellationToken)
            : EventHubLog.OpenAsync(options.EventHubs.Namespace!, options.EventHubs.Hub!, options.EventHubs.ConsumerGroup, Credential, log, time, cancellationToken);

    /// <summary>What Event Hubs Capture has archived of the log; null if the settings do not say where.</summary>
    /// <exception cref="IOException">The archive cannot be read.</exception>
    public async Task<CapturedHub?> OpenCaptureAsync(EventHubLog log, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        return options.Capture.Uri is { } uri
            ? await CapturedHub.OpenAsync(new BlobCaptureStore(Container(uri)), log.Namespace, log.Hub, log.PartitionCount, time, cancellationToken)
            : null;
    }

    public TableServiceClient Tables() => options.Tables.ConnectionString is { } connection
        ? new TableServiceClient(connection)
        : new TableServiceClient(new Uri(options.Tables.Uri!), Credential);

    public BlobServiceClient Blobs() => options.Blobs.ConnectionString is { } connection
        ? new BlobServiceClient(connection)
        : new BlobServiceClient(new Uri(options.Blobs.Uri!), Credential);

    /// <summary>Where checkpoints are written for whoever scales silos; null if the settings do not say where.</summary>
    public BlobCheckpoints? Checkpoints() => options.Checkpoints.Uri is { } uri ? new BlobCheckpoints(Container(uri), Namespace, Hub, options.EventHubs.ConsumerGroup) : null;

    private BlobContainerClient Container(string uri) => options.Blobs.ConnectionString is { } connection
        ? new BlobContainerClient(connection, uri.TrimEnd('/').Split('/')[^1])
        : new BlobContainerClient(new Uri(uri), Credential);
}

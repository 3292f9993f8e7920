using Azure.Messaging.EventHubs;

namespace Kappa.Silo.Hosting;

/// <summary>Finds what is wrong with the settings, and says it by key and remedy.</summary>
internal sealed class AzureOptionsCheck(AzureOptions options)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Run()
    {
        Hub(options.EventHubs);
        Service("Tables", "table", options.Tables);
        Service("Blobs", "blob", options.Blobs);
        Container("Capture", "that Event Hubs Capture writes to", options.Capture.Uri);
        Container("Checkpoints", "for checkpoints", options.Checkpoints.Uri);
        if (options.Checkpoints.Uri is not null && !options.HasEventHubs)
            _problems.Add($"{AzureOptions.Section}:Checkpoints:Uri is set, and {AzureOptions.Section}:EventHubs is not: checkpoints are of a hub; set both or leave it out.");
        if (options.ClientId is { } client && !Guid.TryParse(client, out _))
            Add("ClientId", client, "the client id (a GUID) of the user-assigned identity; leave it out to use the environment's");
        return _problems;
    }

    private void Hub(AzureOptions.EventHubsOptions hub)
    {
        if (hub.Namespace is not null && hub.ConnectionString is not null)
            _problems.Add(Both("EventHubs:Namespace", "EventHubs:ConnectionString"));
        if (hub.Namespace is { } space && (Uri.CheckHostName(space) != UriHostNameType.Dns || !space.Contains('.', StringComparison.Ordinal)))
            Add("EventHubs:Namespace", space, "the namespace's host name, such as name.servicebus.windows.net");
        if (hub.Namespace is not null && string.IsNullOrWhiteSpace(hub.Hub))
            _problems.Add($"{AzureOptions.Section}:EventHubs:Hub is missing; set it to the name of the hub.");
        if (hub is { Namespace: null, ConnectionString: null, Hub: not null })
            _problems.Add($"{AzureOptions.Section}:EventHubs:Namespace is missing, and {AzureOptions.Section}:EventHubs:Hub is set; set both or neither.");
        if (string.IsNullOrWhiteSpace(hub.ConsumerGroup))
            Add("EventHubs:ConsumerGroup", hub.ConsumerGroup, "the name of a consumer group of the hub");
        if (hub.ConnectionString is { } connection)
            ConnectionString("EventHubs", "Namespace", () => EndpointOfHub(connection, hub.Hub));
    }

    private void Service(string name, string kind, AzureOptions.ServiceOptions service)
    {
        if (service.Uri is not null && service.ConnectionString is not null)
            _problems.Add(Both($"{name}:Uri", $"{name}:ConnectionString"));
        if (service.Uri is { } address && !IsService(address, out _))
            Add($"{name}:Uri", address, $"the https address of the {kind} service, such as https://name.{kind}.core.windows.net");
        if (service.ConnectionString is { } connection)
            ConnectionString(name, "Uri", () => EndpointOfStorage(connection, kind));
    }

    private void Container(string name, string what, string? address)
    {
        if (address is not null && !(IsService(address, out var uri) && uri.AbsolutePath.Trim('/').Length > 0))
            Add($"{name}:Uri", address, $"the https address of the container {what}, such as https://name.blob.core.windows.net/{name.ToLowerInvariant()}");
    }

    /// <summary>Connection strings hold keys: they are for emulators, which is what listens on this machine.</summary>
    private void ConnectionString(string name, string other, Func<Uri?> endpoint)
    {
        var key = $"{AzureOptions.Section}:{name}:ConnectionString";
        try
        {
            if (options.AllowConnectionStrings || endpoint() is { IsLoopback: true })
                return;
            _problems.Add($"{key} is of a service beyond this machine. Set {AzureOptions.Section}:{name}:{other} instead and give the host's identity its role, "
                + $"or, knowing that keys are then in the configuration, {AzureOptions.Section}:AllowConnectionStrings to true.");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // It holds a key, so it is not repeated here.
            _problems.Add($"{key} is no connection string: {e.Message}");
        }
    }

    private static Uri? EndpointOfHub(string connection, string? hub)
    {
        var parsed = EventHubsConnectionStringProperties.Parse(connection);
        return string.IsNullOrEmpty(parsed.EventHubName) && string.IsNullOrEmpty(hub)
            ? throw new ArgumentException($"It names no hub; add EntityPath to it or set {AzureOptions.Section}:EventHubs:Hub.")
            : parsed.Endpoint ?? throw new ArgumentException("It has no Endpoint.");
    }

    private static Uri? EndpointOfStorage(string connection, string kind)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connection.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            parts[part.Split('=')[0]] = part.Contains('=', StringComparison.Ordinal) ? part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]
                : throw new FormatException("its parts are name=value, with semicolons between them.");
        if (parts.TryGetValue("UseDevelopmentStorage", out var local) && local.Equals("true", StringComparison.OrdinalIgnoreCase))
            return new Uri("http://127.0.0.1");
        return parts.TryGetValue($"{kind}Endpoint", out var endpoint) && Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) ? uri : null;
    }

    private static bool IsService(string text, out Uri uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri!) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);

    private void Add(string key, string value, string expected) => _problems.Add($"{AzureOptions.Section}:{key} is '{value}', but must be {expected}.");

    private static string Both(string one, string other) =>
        $"{AzureOptions.Section}:{one} and {AzureOptions.Section}:{other} are both set; set one of them.";
}

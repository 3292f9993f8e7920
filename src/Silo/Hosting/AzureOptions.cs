namespace Kappa.Silo.Hosting;

/// <summary>
/// Everything that can be set below <c>Kappa:Azure:</c>. With none of it the host runs without Azure. Services are named by
/// their addresses and entered with a managed identity; connection strings are for emulators.
/// </summary>
public sealed class AzureOptions
{
    public const string Section = "Kappa:Azure";

    public EventHubsOptions EventHubs { get; set; } = new();
    public ServiceOptions Tables { get; set; } = new();
    public ServiceOptions Blobs { get; set; } = new();
    public ContainerOptions Capture { get; set; } = new();

    /// <summary>Where silos write how far the views have come, for whoever scales silos by the lag of the hub.</summary>
    public ContainerOptions Checkpoints { get; set; } = new();

    /// <summary>The client id of the user-assigned identity to use; without it the environment decides.</summary>
    public string? ClientId { get; set; }

    /// <summary>Takes connection strings of services beyond this machine, too.</summary>
    public bool AllowConnectionStrings { get; set; }

    /// <summary>Whether the log is a hub.</summary>
    public bool HasEventHubs => EventHubs.Namespace is not null || EventHubs.ConnectionString is not null;

    /// <summary>Whether state and clustering are in Azure Storage.</summary>
    public bool HasTables => Tables.Uri is not null || Tables.ConnectionString is not null;

    public bool HasBlobs => Blobs.Uri is not null || Blobs.ConnectionString is not null;

    /// <summary>Names every setting that is wrong, with what to do; empty if all is well.</summary>
    public IReadOnlyList<string> Validate() => new AzureOptionsCheck(this).Run();

    /// <summary>The hub that is the log.</summary>
    public sealed class EventHubsOptions
    {
        /// <summary>The namespace's host name, such as <c>name.servicebus.windows.net</c>.</summary>
        public string? Namespace { get; set; }

        public string? Hub { get; set; }

        /// <summary>Five readers per partition can share one, of all processes together.</summary>
        public string ConsumerGroup { get; set; } = "$Default";

        public string? ConnectionString { get; set; }
    }

    /// <summary>A service of a storage account.</summary>
    public sealed class ServiceOptions
    {
        /// <summary>The service's address, such as <c>https://name.table.core.windows.net</c>.</summary>
        public string? Uri { get; set; }

        public string? ConnectionString { get; set; }
    }

    /// <summary>A container of a storage account: with <c>Capture</c> the one that Event Hubs Capture writes to.</summary>
    public sealed class ContainerOptions
    {
        /// <summary>The address of the container, such as <c>https://name.blob.core.windows.net/capture</c>.</summary>
        public string? Uri { get; set; }
    }
}

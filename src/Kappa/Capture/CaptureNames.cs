namespace Kappa.Capture;

/// <summary>
/// The names under which a CloudEvent travels in a captured event: as in the binary mode of the CloudEvents AMQP binding,
/// which is what senders to Event Hubs use.
/// </summary>
internal static class CaptureNames
{
    /// <summary>Before the name of each attribute, in the application properties.</summary>
    public const string Prefix = "cloudEvents:";

    /// <summary>The same, as some senders write it.</summary>
    public const string OtherPrefix = "cloudEvents_";

    /// <summary>The <c>datacontenttype</c>, among the system properties.</summary>
    public const string ContentType = "content-type";

    /// <summary>The append time to 100 ns, which <c>EnqueuedTimeUtc</c> has no room for.</summary>
    public const string Time = "kappa:time";

    /// <summary>What kind of data it is, where the content type alone would not tell it right.</summary>
    public const string Data = "kappa:data";

    /// <summary>JSON without a <c>datacontenttype</c>: the content type was added for others, as CloudEvents wants it.</summary>
    public const string DataImplied = "json-implied";

    public const string DataJson = "json";
    public const string DataBinary = "binary";

    /// <summary>No data, where that is not told from data that is empty: an AMQP message always has a body.</summary>
    public const string DataNone = "none";

    /// <summary>The kind of each extension, a digit each in their order (<see cref="Events.EventExtensionKind"/>); not there if all are texts.</summary>
    public const string Kinds = "kappa:kinds";

    /// <summary>The id of the append that an event was sent by, where a receipt names it (<see cref="Log.AppendMark"/>).</summary>
    public const string Append = "kappaappend";
}

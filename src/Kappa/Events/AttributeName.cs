using System.Buffers;
using System.Text;

namespace Kappa.Events;

/// <summary>The names of attributes: <c>[a-z0-9]+</c>, and whatever else people send.</summary>
internal static class AttributeName
{
    public const string Twice = "is given more than once; send it once";
    public const string Remedy = "is no attribute name: those are 1 to 64 of a-z and 0-9; rename it";

    private static readonly SearchValues<byte> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789"u8);

    public static bool IsValid(ReadOnlySpan<byte> name) =>
        name.Length is >= 1 and <= ExtensionsBuilder.NameBytesMax && name.IndexOfAnyExcept(s_allowed) < 0;

    /// <summary>The member that CloudEvents defines by this name; <see cref="EventMembers.None"/> for an extension.</summary>
    public static EventMembers Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => name.SequenceEqual("id"u8) ? EventMembers.Id : EventMembers.None,
        4 => name.SequenceEqual("type"u8) ? EventMembers.Type
            : name.SequenceEqual("time"u8) ? EventMembers.Time
            : name.SequenceEqual("data"u8) ? EventMembers.Data : EventMembers.None,
        6 => name.SequenceEqual("source"u8) ? EventMembers.Source : EventMembers.None,
        7 => name.SequenceEqual("subject"u8) ? EventMembers.Subject : EventMembers.None,
        10 => name.SequenceEqual("dataschema"u8) ? EventMembers.DataSchema : EventMembers.None,
        11 => name.SequenceEqual("specversion"u8) ? EventMembers.SpecVersion
            : name.SequenceEqual("data_base64"u8) ? EventMembers.DataBase64 : EventMembers.None,
        15 => name.SequenceEqual("datacontenttype"u8) ? EventMembers.DataContentType : EventMembers.None,
        _ => EventMembers.None,
    };

    public static string Of(EventMembers member) => member switch
    {
        EventMembers.SpecVersion => "specversion",
        EventMembers.Id => "id",
        EventMembers.Source => "source",
        EventMembers.Type => "type",
        EventMembers.Subject => "subject",
        EventMembers.Time => "time",
        EventMembers.DataContentType => "datacontenttype",
        EventMembers.DataSchema => "dataschema",
        EventMembers.Data => "data",
        EventMembers.DataBase64 => "data_base64",
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, "must be one member"),
    };

    /// <summary>A name as it is shown in a problem: cut short, since it may be anything.</summary>
    public static string Shown(ReadOnlySpan<byte> name) => name.Length <= ExtensionsBuilder.NameBytesMax
        ? Encoding.UTF8.GetString(name)
        : Encoding.UTF8.GetString(name[..ExtensionsBuilder.NameBytesMax]) + "…";
}

using System.Globalization;
using System.Text;

namespace Kappa.Events;

/// <summary>
/// The binary content mode of the CloudEvents HTTP binding (3.1): each attribute is a header named <c>ce-</c> and the
/// attribute, its value percent-encoded; the content type and the body are the data's own.
/// </summary>
internal static class HttpBinaryMode
{
    private const string Prefix = "ce-";

    public static EventReadResult Read(EventAdmission admission, IEnumerable<KeyValuePair<string, string>> headers, string? contentType,
        ReadOnlySpan<byte> body, EventBatch into, in ProblemList problems)
    {
        scoped var parts = new EventParts();
        var extensions = new ExtensionsBuilder(stackalloc byte[512]);
        var seen = EventMembers.None;
        foreach (var (header, value) in headers)
        {
            if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var name = StrictUtf8.TryEncode(header[Prefix.Length..].ToLowerInvariant(), out var encoded) ? encoded : [];
            var member = AttributeName.Find(name);
            if (!TryDecode(value, out var text))
            {
                problems.Add(AttributeName.Shown(name), "must be percent-encoded UTF-8, and a percent sign itself %25");
                parts.Refused |= member;
            }
            else if (member == EventMembers.None)
                extensions.Add(name, EventExtensionKind.Text, text, problems);
            else if ((seen & member) != 0)
                problems.Add(AttributeName.Of(member), AttributeName.Twice);
            else
                Set(ref parts, member, text, problems);
            seen |= member;
        }
        if ((seen & EventMembers.SpecVersion) == 0)
            problems.Add("specversion", "is required; send the header ce-specversion: 1.0");
        if (!string.IsNullOrEmpty(contentType))
            parts.DataContentType = StrictUtf8.TryEncode(contentType, out var mediaType) ? mediaType : "?"u8;
        parts.DataKind = body.IsEmpty ? EventDataKind.None : EventDataKind.Binary;
        parts.Data = body;
        parts.Extensions = extensions.Finish();
        if (problems.Count == 0)
            return admission.Admit(ref parts, null, into, problems);
        parts.Check(problems);
        return EventReadResult.Invalid;
    }

    private static void Set(ref EventParts parts, EventMembers member, byte[] text, in ProblemList problems)
    {
        if (text.Length == 0 && !EventParts.IsRequired(member))
        {
            problems.Add(AttributeName.Of(member), EventParts.EmptyRemedy);
            return;
        }
        switch (member)
        {
            case EventMembers.Id: parts.Id = text; break;
            case EventMembers.Source: parts.Source = text; break;
            case EventMembers.Type: parts.Type = text; break;
            case EventMembers.Subject: parts.Subject = text; break;
            case EventMembers.Time: parts.Time = text; break;
            case EventMembers.DataSchema: parts.DataSchema = text; break;
            case EventMembers.SpecVersion:
                if (!text.AsSpan().SequenceEqual("1.0"u8))
                    problems.Add("specversion", "must be 1.0, the version of CloudEvents that is taken here");
                break;
            default:
                problems.Add(AttributeName.Of(member), "is no header in binary mode: the Content-Type and the body say it; leave it out");
                break;
        }
    }

    /// <summary>
    /// Undoes, once, what senders do: quotes and backslashes around the value, then <c>%HH</c>. False if a percent sign
    /// stands alone; guessing there would change ids in silence. Whether the bytes are text is checked with the attribute.
    /// </summary>
    private static bool TryDecode(string value, out byte[] text)
    {
        value = value.Trim();
        if (value.Length >= 2 && value[0] == '"' && value[^1] == '"')
            value = Unquote(value.AsSpan(1, value.Length - 2));
        if (!StrictUtf8.TryEncode(value, out text))
            return false;
        if (!text.AsSpan().Contains((byte)'%'))
            return true;
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var one = text[i];
            if (one == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[i + 1]) || !char.IsAsciiHexDigit((char)text[i + 2]))
                    return false;
                one = byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 2;
            }
            text[length++] = one;
        }
        text = text[..length];
        return true;
    }

    private static string Unquote(ReadOnlySpan<char> quoted)
    {
        var text = new StringBuilder(quoted.Length);
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '\\' && i + 1 < quoted.Length)
                i++;
            text.Append(quoted[i]);
        }
        return text.ToString();
    }
}

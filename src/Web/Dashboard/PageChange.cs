using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kappa.Web.Dashboard;

/// <summary>The difference between a page's HTML and what was sent of it before, as one event of the stream.</summary>
internal static class PageChange
{
    // As data of an event stream, not inside HTML: escaping every tag would only make it longer.
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What to cut and to put in, since most of a page stays as it was: <c>{"head":kept,"tail":kept,"html":"…"}</c>.</summary>
    public static byte[] Between(string before, string after)
    {
        var head = before.AsSpan().CommonPrefixLength(after);
        var most = Math.Min(before.Length, after.Length) - head;
        var tail = 0;
        while (tail < most && before[^(tail + 1)] == after[^(tail + 1)])
            tail++;
        // Not within a surrogate pair: half of one cannot be sent.
        if (head > 0 && char.IsHighSurrogate(after[head - 1]))
            head--;
        if (tail > 0 && char.IsLowSurrogate(after[^tail]))
            tail--;
        var json = JsonSerializer.Serialize(new { head, tail, html = after[head..^tail] }, _json);
        return Encoding.UTF8.GetBytes($"data: {json}\n\n");
    }
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kappa.Web.Http;

/// <summary>How this host writes JSON: straight into the response, texts as they are, times as RFC 3339 in UTC.</summary>
internal static class JsonText
{
    /// <summary>Our own writers always nest right, so validation is left out; names and emoji stay readable.</summary>
    public static JsonWriterOptions Options { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const int TimeBytes = 28;
    public const int BytesPerFlush = 32 << 10;

    /// <summary>As in <c>2011-05-31T10:12:00Z</c>; a fraction only if there is one.</summary>
    public static void WriteTime(Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset? time)
    {
        if (time is null)
        {
            json.WriteNull(name);
            return;
        }
        Span<byte> text = stackalloc byte[TimeBytes];
        time.Value.UtcDateTime.TryFormat(text, out _, "O");
        var end = text[..^1].TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
        // The seconds may themselves end in zeros; only the fraction is cut.
        end = Math.Max(end, "2011-05-31T10:12:00".Length);
        text[end] = (byte)'Z';
        json.WriteString(name, text[..(end + 1)]);
    }

    /// <summary>To 100 ns, always with seven digits, as append times are.</summary>
    public static void WriteTimeExact(Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset? time)
    {
        if (time is null)
        {
            json.WriteNull(name);
            return;
        }
        Span<byte> text = stackalloc byte[TimeBytes];
        time.Value.UtcDateTime.TryFormat(text, out _, "O");
        json.WriteString(name, text);
    }

    /// <summary>A JSON value as it is; null where it is empty.</summary>
    public static void WriteRaw(Utf8JsonWriter json, JsonEncodedText name, ReadOnlyMemory<byte> value)
    {
        json.WritePropertyName(name);
        if (value.IsEmpty)
            json.WriteNullValue();
        else
            json.WriteRawValue(value.Span, skipInputValidation: true);
    }

    /// <summary>Answers 200 with what <paramref name="write"/> writes.</summary>
    public static async Task RespondAsync<T>(HttpContext context, T value, Action<Utf8JsonWriter, T> write, int status = 200)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(response.BodyWriter, Options))
            write(json, value);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Answers with <c>{"items":[…],"next":…}</c>, flushed as it grows so that a long list is never held twice.</summary>
    public static async Task RespondPageAsync<T>(HttpContext context, IReadOnlyList<T> items, string? next, Action<Utf8JsonWriter, T> write)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(response.BodyWriter, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("items"u8);
            foreach (var item in items)
            {
                write(json, item);
                await FlushIfLargeAsync(context, json);
            }
            json.WriteEndArray();
            json.WriteString("next"u8, next);
            json.WriteEndObject();
        }
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Hands on what was written so far, waiting for a slow reader.</summary>
    public static async ValueTask FlushIfLargeAsync(HttpContext context, Utf8JsonWriter json)
    {
        if (json.BytesPending < BytesPerFlush)
            return;
        json.Flush();
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}

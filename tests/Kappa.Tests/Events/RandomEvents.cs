using System.Globalization;
using System.Text;
using System.Text.Json;
using Kappa.Events;

namespace Kappa.Tests.Events;

/// <summary>Valid events of every shape, the same for the same random numbers.</summary>
internal static class RandomEvents
{
    private static readonly string[] Letters = ["a", "Z", "0", " ", "\"", "\\", "/", "+", "<", "é", "€", "😀", "\u00a0", "\u2028", "'", "&", "~"];

    public static CloudEvent Next(Random random)
    {
        var kind = (EventDataKind)random.Next(3);
        return new CloudEvent
        {
            Id = Text(random),
            Source = Pick(random, "/s", "urn:a:b", "https://x.example:81/a?b=c#d", "#f", "//h/p", "a%20b", "mailto:a@b"),
            Type = Text(random),
            Subject = Maybe(random, () => Text(random)),
            Time = Maybe(random, () => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture) + Pick(random, "Z", "+00:00", "-00:00", "99z")),
            // A content type that says JSON makes JSON of bytes.
            DataContentType = Maybe(random, () => kind == EventDataKind.Json ? Pick(random, "application/json", "text/plain") : Pick(random, "text/plain; charset=\"utf-8\"", "image/png")),
            DataSchema = Maybe(random, () => "https://x.example/schema#/a"),
            Extensions = [.. Enumerable.Range(0, random.Next(5)).Select(i => Extension(random, i))],
            DataKind = kind,
            Data = kind switch
            {
                EventDataKind.Json => Encoding.UTF8.GetBytes(Json(random, 0)),
                EventDataKind.Binary => Bytes(random),
                _ => default,
            },
        };
    }

    private static EventExtension Extension(Random random, int i) => random.Next(4) switch
    {
        0 => new($"n{i}", random.Next(int.MinValue, int.MaxValue).ToString(CultureInfo.InvariantCulture), EventExtensionKind.Integer),
        1 => new($"b{i}", random.Next(2) == 0 ? "true" : "false", EventExtensionKind.Boolean),
        2 => new($"t{i}", random.Next(5) == 0 ? "" : Text(random)),
        _ => i == 0 ? new("partitionkey", Text(random)) : new($"long{i}", new string('x', random.Next(2000))),
    };

    private static string Json(Random random, int depth) => random.Next(depth < 4 ? 8 : 5) switch
    {
        0 => "null",
        1 => "true",
        2 => random.Next().ToString(CultureInfo.InvariantCulture) + "." + random.Next(100),
        3 => JsonSerializer.Serialize(Text(random)),
        4 => "\"\\u00e9\\n\"",
        5 => "[" + string.Join(" ,", Enumerable.Range(0, random.Next(4)).Select(_ => Json(random, depth + 1))) + "]",
        _ => "{ " + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(i => $"\"k{i}\" : {Json(random, depth + 1)}")) + "}",
    };

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, 1 + random.Next(20)).Select(_ => Pick(random, Letters)));
    private static T Pick<T>(Random random, params T[] items) => items[random.Next(items.Length)];
    private static string? Maybe(Random random, Func<string> make) => random.Next(2) == 0 ? null : make();

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(3000)];
        random.NextBytes(bytes);
        return bytes;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Kappa.Events;

namespace Kappa.Json;

/// <summary>
/// What the hand-written decoders read values with. Each checks the token that the reader stands on in the same way as
/// the JSON contracts do, and names the field where it does not fit.
/// </summary>
internal static class JsonValues
{
    public static void ExpectObject(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new EventDataException(field, $"must be a JSON object, but is {Kind(reader.TokenType)}");
    }

    public static string Text(ref Utf8JsonReader reader, FieldName field)
    {
        ExpectText(ref reader, field);
        return reader.GetString()!;
    }

    public static string? TextOrNull(ref Utf8JsonReader reader, FieldName field) =>
        reader.TokenType == JsonTokenType.Null ? null : Text(ref reader, field);

    public static string Text(ref Utf8JsonReader reader, FieldName field, TextCache cache)
    {
        ExpectText(ref reader, field);
        return cache.Get(ref reader);
    }

    /// <summary>Checks a text, its UTF-8 included, without making it.</summary>
    public static void CheckText(ref Utf8JsonReader reader, FieldName field)
    {
        ExpectText(ref reader, field);
        if (reader.ValueIsEscaped || reader.HasValueSequence)
            reader.GetString();
        else if (!Utf8.IsValid(reader.ValueSpan))
            throw new EventDataException(field.ToString(), "is not valid UTF-8");
    }

    public static void CheckTextOrNull(ref Utf8JsonReader reader, FieldName field)
    {
        if (reader.TokenType != JsonTokenType.Null)
            CheckText(ref reader, field);
    }

    public static int Integer(ref Utf8JsonReader reader, FieldName field)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw new EventDataException(field.ToString(), $"must be a whole number, but is {Kind(reader.TokenType)}");
        return reader.TryGetInt32(out var value)
            ? value
            : throw new EventDataException(field.ToString(), $"must be a whole number from {int.MinValue} to {int.MaxValue}");
    }

    /// <summary>
    /// Money to the last digit: a number that <see cref="decimal"/> would have to round is refused, because rounding in
    /// silence is how totals go wrong.
    /// </summary>
    public static decimal Money(ref Utf8JsonReader reader, FieldName field)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw new EventDataException(field.ToString(), $"must be a number, but is {Kind(reader.TokenType)}");
        if (!reader.TryGetDecimal(out var value) || !IsExact(ref reader))
            throw new EventDataException(field.ToString(), $"has more digits than the {ExactDigitsMax} that are kept exactly");
        return value;
    }

    public static EventDataException Missing(FieldName field) => new(field.ToString(), "is missing");

    public static EventDataException Twice(FieldName field) => new(field.ToString(), "is there twice; send it once");

    private const int ExactDigitsMax = 28;

    private static void ExpectText(ref Utf8JsonReader reader, FieldName field)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new EventDataException(field.ToString(), $"must be a string, but is {Kind(reader.TokenType)}");
    }

    private static bool IsExact(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (reader.HasValueSequence)
            return false;
        if (text.Length <= ExactDigitsMax && !text.ContainsAny("eE"u8))
            return true;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = e < 0 ? text : text[..e];
        var exponent = 0;
        if (e >= 0 && (!int.TryParse(text[(e + 1)..], CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > 2 * ExactDigitsMax))
            return false;
        var point = mantissa.IndexOf((byte)'.');
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        var digits = mantissa.Length - mantissa.IndexOfAnyInRange((byte)'0', (byte)'9') - (point < 0 ? 0 : 1);
        return digits <= ExactDigitsMax && scale <= ExactDigitsMax && digits - scale <= ExactDigitsMax;
    }

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.Null => "null",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        _ => "true or false",
    };
}

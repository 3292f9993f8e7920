using System.Buffers;
using System.Text;

namespace Kappa.Events;

/// <summary>The type String of CloudEvents 1.0 section 3.1: Unicode without control characters and noncharacters.</summary>
internal static class AttributeText
{
    public const string Remedy = "must be valid Unicode without control characters and noncharacters; take them out";

    public static bool IsValid(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) is var odd && (odd < 0 || AreCharacters(utf8[odd..]));

    private static bool AreCharacters(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(utf8, out var rune, out var length) != OperationStatus.Done || !IsCharacter(rune.Value))
                return false;
            utf8 = utf8[length..];
        }
        return true;
    }

    private static bool IsCharacter(int point) =>
        point is >= 0x20 and not (>= 0x7F and <= 0x9F) and not (>= 0xFDD0 and <= 0xFDEF) && (point & 0xFFFE) != 0xFFFE;
}

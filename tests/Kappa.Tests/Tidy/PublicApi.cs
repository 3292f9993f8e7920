using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kappa.Tests.Tidy;

/// <summary>Writes what others can see of an assembly, one line for each type and member, in ordinal order.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext _nullability = new();

    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
    };

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Lines(Type type)
    {
        var name = Name(type, full: true);
        yield return $"{name}: {Kind(type)}{Bases(type)}";
        foreach (var line in type.GetMembers(Declared).Select(Member).OfType<string>())
            yield return $"{name}.{line}";
    }

    private static string? Member(MemberInfo member)
    {
        // What the compiler makes of a record follows from its own line and its properties.
        if (member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.DeclaringType!.IsEnum && !((FieldInfo)member).IsLiteral)
            return null;
        return member switch
        {
            ConstructorInfo ctor when IsVisible(ctor) && !ctor.IsStatic => $"{Access(ctor)}new({Parameters(ctor)})",
            MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
                $"{Access(method)}{method.Name}{Generics(method)}({Parameters(method)}): {Type(method.ReturnParameter)}",
            PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) =>
                $"{Access(property.GetAccessors(true).First(IsVisible))}{property.Name}{Index(property)}: {Type(property)} {{ {Accessors(property)} }}",
            FieldInfo { IsLiteral: true } constant when constant.IsPublic || constant.IsFamily =>
                $"const {constant.Name} = {Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
            FieldInfo field when field.IsPublic || field.IsFamily => $"{(field.IsStatic ? "static " : "")}{field.Name}: {Name(field.FieldType)}",
            EventInfo e when IsVisible(e.AddMethod!) => $"event {e.Name}: {Name(e.EventHandlerType!)}",
            _ => null,
        };
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ")
        + (method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Index(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } index ? $"[{string.Join(", ", index.Select(Parameter))}]" : "";

    private static string Parameter(ParameterInfo parameter)
    {
        var kind = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        return $"{kind}{Type(parameter)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.DefaultValue ?? "default") : "")}";
    }

    private static string Accessors(PropertyInfo property)
    {
        var accessors = new List<string>();
        if (property.GetMethod is { } get && IsVisible(get))
            accessors.Add("get;");
        if (property.SetMethod is { } set && IsVisible(set))
            accessors.Add(set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;");
        return string.Join(' ', accessors);
    }

    private static string Type(ParameterInfo parameter) =>
        Name(parameter.ParameterType) + Mark(_nullability.Create(parameter), parameter.ParameterType);

    private static string Type(PropertyInfo property) =>
        Name(property.PropertyType) + Mark(_nullability.Create(property), property.PropertyType);

    private static string Mark(NullabilityInfo info, Type type) =>
        !type.IsValueType && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable) ? "?" : "";

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : (type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref struct" : "struct")
            : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + "class");

    private static string Bases(Type type)
    {
        if (type.IsEnum)
            return " : " + Name(Enum.GetUnderlyingType(type));
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Except(inherited).Where(i => i.IsVisible).Select(i => Name(i)).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases.Insert(0, Name(parent));
        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Name(Type type, bool full = false)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!, full);
        if (type.IsArray)
            return Name(type.GetElementType()!, full) + "[]";
        if (type.IsGenericParameter)
            return type.Name;
        if (_keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value, full) + "?";
        var own = type.Name.Split('`')[0];
        if (type.IsNested)
            own = Name(type.DeclaringType!) + "." + own;
        if (full)
            own = type.Namespace + "." + own;
        var inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var arguments = type.GetGenericArguments().Skip(inherited).Select(argument => Name(argument)).ToArray();
        return arguments.Length == 0 ? own : $"{own}<{string.Join(", ", arguments)}>";
    }
}

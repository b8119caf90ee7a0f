using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tessera.Tests.Kernels;

/// <summary>
/// That a run with instruction sets switched off really runs without them. Whoever sets a <c>DOTNET_Enable...</c> switch also
/// says in <c>TESSERA_VECTOR_BITS</c> how wide the registers may then be, so that a switch that a later runtime ignores fails the run.
/// </summary>
[Trait("Category", "Kernels")]
public sealed class InstructionSetTests
{
    private static int WidestRegister =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    [Fact]
    public void Registers_are_no_wider_than_this_run_promised()
    {
        string? promise = Environment.GetEnvironmentVariable("TESSERA_VECTOR_BITS");
        int widest = promise is null ? 512 : int.Parse(promise, CultureInfo.InvariantCulture);

        Assert.InRange(WidestRegister, Math.Min(widest, SmallestOfTheMachine), widest);
    }

    [Fact]
    public void No_instruction_set_is_used_that_is_switched_off()
    {
        (string Switch, bool Used)[] sets =
        [
            ("DOTNET_EnableAVX512", Avx512F.IsSupported),
            ("DOTNET_EnableAVXVNNI", AvxVnni.IsSupported),
            ("DOTNET_EnableAVX2", Avx2.IsSupported),
            ("DOTNET_EnableHWIntrinsic", Vector128.IsHardwareAccelerated),
        ];

        Assert.DoesNotContain(sets, set => set.Used && Environment.GetEnvironmentVariable(set.Switch) == "0");
    }

    /// <summary>Every 64-bit x86 and Arm processor has registers of 128 bits.</summary>
    private static int SmallestOfTheMachine =>
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64 ? 128 : 0;
}

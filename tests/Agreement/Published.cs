using System.Globalization;
using System.Text.Json;
using HealthEval.Agreement.Statistics;
using static HealthEval.Tests.Agreement.GroundTruthFiles;

namespace HealthEval.Tests.Agreement;

/// <summary>One published number; recalled means that it was quoted from memory of the publication and confirmed by recomputation.</summary>
internal sealed record PublishedValue(string Key, double Expected, double Tolerance, string Source, bool Recalled);

/// <summary>What the library computes for every published number, by key.</summary>
internal static partial class Published
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly Dictionary<string, Func<double>> Ours = [];

    static Published()
    {
        AddKrippendorff();
        AddFleiss();
        AddGwetRaw();
        AddTwoRaters();
        AddIcc();
        AddConsensus();
        AddPreference();
        AddScores();
        AddRaterQuality();
    }

    public static IReadOnlyList<PublishedValue> Values { get; } =
        JsonSerializer.Deserialize<List<PublishedValue>>(File.ReadAllText(PathOf("expected.json")), Web)!;

    public static double Compute(string key) => Ours.TryGetValue(key, out var ours) ? ours() : throw new KeyNotFoundException($"Nothing computes '{key}'.");

    private static void Add(string key, Func<double> ours) => Ours.Add(key, ours);

    private static void Add(string key, Func<Estimate> estimate) => Ours.Add(key, () => estimate().Value!.Value);

    private static void AddWithError(string key, Func<Estimate> estimate)
    {
        Add(key, estimate);
        Add(key + ".se", () => estimate().StandardError!.Value);
    }

    private static AgreementWeights Weights(string name, Scale scale, bool byRank = false) =>
        AgreementWeights.Of(name == "identity" ? WeightSet.Unweighted : Enum.Parse<WeightSet>(name, ignoreCase: true), scale, byRank);

    private static void AddKrippendorff()
    {
        foreach (var level in Enum.GetValues<MeasurementLevel>())
        {
            Add($"krippendorff.canonical.{level.ToString().ToLowerInvariant()}", () => KrippendorffAlpha.Compute(Wide("krippendorff_canonical.csv"), level));
        }
        Add("krippendorff.canonical.nominal.6dp", () => KrippendorffAlpha.Compute(Wide("krippendorff_canonical.csv"), MeasurementLevel.Nominal));
        Add("krippendorff.canonical.interval.5dp", () => KrippendorffAlpha.Compute(Wide("krippendorff_canonical.csv"), MeasurementLevel.Interval));
        Add("krippendorff.wikipedia.nominal", () => KrippendorffAlpha.Compute(Wide("krippendorff_wikipedia_3coders.csv"), MeasurementLevel.Nominal));
        Add("krippendorff.wikipedia.interval", () => KrippendorffAlpha.Compute(Wide("krippendorff_wikipedia_3coders.csv"), MeasurementLevel.Interval));
        Add("krippendorff.2011.A.nominal", () => KrippendorffAlpha.Compute(Wide("krippendorff_2011_A_binary.csv"), MeasurementLevel.Nominal));
        Add("krippendorff.2011.B.nominal", () => KrippendorffAlpha.Compute(Wide("krippendorff_2011_B_nominal.csv"), MeasurementLevel.Nominal));
        static Estimate Unitized() => SpanAgreement.UnitizedAlpha(
            [new SpanDocument("t", 10, ["r0", "r1"], [new("r0", 1, 9, "A"), new("r1", 2, 3, "A"), new("r1", 4, 5, "A"), new("r1", 6, 7, "A")])]);
        Add("unitizing.krippendorff1995.alpha", Unitized);
        Add("unitizing.krippendorff1995.observed", () => Unitized().Details.Number("observedDisagreement")!.Value);
        Add("unitizing.krippendorff1995.expected", () => Unitized().Details.Number("expectedDisagreement")!.Value);
    }

    private static void AddFleiss()
    {
        static Estimate Diagnoses() => FleissKappa.Compute(Counts("fleiss_1971_counts.csv"));
        Add("fleiss1971.kappa", Diagnoses);
        Add("fleiss1971.z", () => Diagnoses().Details.Number("z")!.Value);
        Add("fleiss1971.Pbar", () => Diagnoses().Details.Number("observedAgreement")!.Value);
        Add("fleiss1971.Pe", () => Diagnoses().Details.Number("expectedAgreement")!.Value);
        var header = Read("fleiss_1971_counts.csv").Header;
        for (var j = 1; j < header.Length; j++)
        {
            var at = j - 1;
            Add("fleiss1971.kappa_category." + header[j], () => ((Details[])Diagnoses().Details["categories"]!)[at].Number("kappa")!.Value);
        }
        Add("fleiss.wikipedia.kappa", () => FleissKappa.Compute(Counts("fleiss_wikipedia_counts.csv")));
        Add("fleiss.randolph.fixed.[[7, 1], [3, 5]]", () => FleissKappa.Compute(ValueCounts.FromTable(new[,] { { 7, 1 }, { 3, 5 } }, Scale.OfNumbers([1, 2]))));
        Add("fleiss.randolph.fixed.[[6, 1, 0], [0, 7, 0]]", () => FleissKappa.Compute(ValueCounts.FromTable(new[,] { { 6, 1, 0 }, { 0, 7, 0 } }, Scale.OfNumbers([1, 2, 3]))));
    }

    private static void AddGwetRaw()
    {
        AddSet("gwet.raw4raters", "gwet_raw4raters.csv");
        AddSet("gwet_raw5observers", "gwet_raw5observers.csv");
        AddSet("gwet_raw_g1g2", "gwet_raw_g1g2.csv");
        AddSet("gwet_raw_gender", "gwet_raw_gender.csv");
        AddSet("gwet_ben_gerry", "gwet_ben_gerry.csv");
        static RatingMatrix Four() => Wide("gwet_raw4raters.csv");
        static Estimate FourAc() => GwetAgreement.Ac(Four().Counts, Weights("identity", Four().Scale));
        Add("gwet.raw4raters.AC1.pe", () => FourAc().Details.Number("expectedAgreement")!.Value);
        Add("gwet.raw4raters.AC1.lo", () => FourAc().Interval!.Lower);
        Add("gwet.raw4raters.AC1.hi", () => FourAc().Interval!.Upper);
        Add("gwet.raw4raters.conger.quadratic", () => CongerKappa.Compute(Four(), Weights("quadratic", Four().Scale)));
        foreach (var set in new[] { "linear", "quadratic", "ordinal", "radical", "bipolar" })
        {
            AddWithError("gwet.raw4raters.AC2." + set, () => GwetAgreement.Ac(Four().Counts, Weights(set, Four().Scale)));
        }
        static ValueCounts Six() => Counts("gwet_distrib_6raters.csv");
        AddWithError("gwet.distrib6.AC1", () => GwetAgreement.Ac(Six(), Weights("identity", Six().Scale)));
        AddWithError("gwet.distrib6.fleiss", () => GwetAgreement.Fleiss(Six(), Weights("identity", Six().Scale)));
        AddWithError("gwet.distrib6.bp", () => GwetAgreement.BrennanPrediger(Six(), Weights("identity", Six().Scale)));
        AddWithError("gwet.distrib6.krippendorff", () => GwetAgreement.Krippendorff(Six(), Weights("identity", Six().Scale)));
        Add("gwet.distrib6.AC2.quadratic", () => GwetAgreement.Ac(Six(), Weights("quadratic", Six().Scale)));
    }

    private static void AddSet(string key, string file)
    {
        RatingMatrix Matrix() => Wide(file);
        AgreementWeights Plain() => Weights("identity", Matrix().Scale);
        AddWithError(key + ".AC1", () => GwetAgreement.Ac(Matrix().Counts, Plain()));
        AddWithError(key + ".fleiss", () => GwetAgreement.Fleiss(Matrix().Counts, Plain()));
        AddWithError(key + ".bp", () => GwetAgreement.BrennanPrediger(Matrix().Counts, Plain()));
        AddWithError(key + ".pa", () => GwetAgreement.Percent(Matrix().Counts, Plain()));
        AddWithError(key + ".krippendorff", () => GwetAgreement.Krippendorff(Matrix().Counts, Plain()));
        AddWithError(key + ".conger", () => CongerKappa.Compute(Matrix(), Plain()));
    }

    private static void AddTwoRaters()
    {
        AddTable("gwet.cont3x3", Contingency("gwet_cont3x3abstractors.csv"), "identity", "");
        AddTable("gwet.cont3x3", Contingency("gwet_cont3x3abstractors.csv"), "quadratic", ".quadratic");
        foreach (var set in new[] { "identity", "linear", "quadratic", "ordinal", "radical" })
        {
            AddTable("gwet.cont4x4." + set, Contingency("gwet_cont4x4diagnosis.csv"), set, "");
        }
        var json = JsonDocument.Parse(File.ReadAllText(PathOf("contingency_tables.json"))).RootElement;
        var sas = Square(json.GetProperty("sas_3x3").GetProperty("table"));
        foreach (var (set, prefix) in new[] { ("identity", "cohen.sas3x3"), ("linear", "cohen.sas3x3.linear") })
        {
            Estimate Kappa() => TwoRaterAgreement.CohenKappa(sas, Weights(set, sas.Scale));
            Add(prefix + ".kappa", Kappa);
            Add(prefix + ".ase", () => Kappa().StandardError!.Value);
            Add(prefix + ".ase0", () => Kappa().Details.Number("se0")!.Value);
        }
        var cohen = Square(json.GetProperty("cohen_1968").GetProperty("proportions"));
        Add("cohen1968.kappa", () => TwoRaterAgreement.CohenKappa(cohen, Weights("identity", cohen.Scale)));
        Add("cohen1968.weighted", () => TwoRaterAgreement.CohenKappa(cohen, AgreementWeights.FromDisagreement(Table(json.GetProperty("cohen_1968").GetProperty("disagreement_weights")))));
        Add("cohen1968.weighted.asymmetric", () => TwoRaterAgreement.CohenKappa(
            cohen, AgreementWeights.FromDisagreement(Table(json.GetProperty("cohen_1968").GetProperty("asymmetric_disagreement_weights")))));
        var spine = Square(json.GetProperty("spine_2x2").GetProperty("table"));
        Add("spine2x2.po", () => TwoRaterAgreement.Percent(spine, Weights("identity", spine.Scale)));
        Add("spine2x2.kappa", () => TwoRaterAgreement.CohenKappa(spine, Weights("identity", spine.Scale)));
        AddTable("gwet2008.125", Square(json.GetProperty("gwet_2008_125").GetProperty("table")), "identity", "");
        foreach (var set in new[] { "identity", "linear", "quadratic" })
        {
            // R's irr measures distance by rank among the levels used.
            Estimate Kappa()
            {
                var matrix = Wide("irr_anxiety.csv", null, "rater2", "rater3");
                return TwoRaterAgreement.CohenKappa(ContingencyTable.Of(matrix, "rater2", "rater3"), Weights(set, matrix.Scale, byRank: true));
            }
            Add("irr.anxiety23." + set, Kappa);
            Add($"irr.anxiety23.{set}.z", () => Kappa().Details.Number("z")!.Value);
        }
    }

    private static void AddTable(string prefix, ContingencyTable table, string set, string suffix)
    {
        AddWithError(prefix + ".kappa" + suffix, () => TwoRaterAgreement.CohenKappa(table, Weights(set, table.Scale)));
        AddWithError(prefix + ".scott_pi" + suffix, () => TwoRaterAgreement.ScottPi(table, Weights(set, table.Scale)));
        AddWithError(prefix + (set == "identity" && !prefix.EndsWith("identity", StringComparison.Ordinal) ? ".AC1" : suffix.Length > 0 ? ".AC2" : ".AC") + suffix, () => TwoRaterAgreement.GwetAc(table, Weights(set, table.Scale)));
        AddWithError(prefix + ".bp" + suffix, () => TwoRaterAgreement.BrennanPrediger(table, Weights(set, table.Scale)));
        AddWithError(prefix + ".krippendorff" + suffix, () => TwoRaterAgreement.Krippendorff(table, Weights(set, table.Scale)));
        AddWithError(prefix + ".pa" + suffix, () => TwoRaterAgreement.Percent(table, Weights(set, table.Scale)));
    }

    private static void AddIcc()
    {
        foreach (var form in new[] { "1,1", "2,1", "3,1", "1,k", "2,k", "3,k" })
        {
            Estimate Icc() => IntraclassCorrelation.Compute(Wide("shrout_fleiss_1979.csv"), IntraclassCorrelation.Parse(form)!.Value);
            Add($"shroutfleiss.ICC({form})", Icc);
            Add($"shroutfleiss.ICC({form}).lo", () => Icc().Interval!.Lower);
            Add($"shroutfleiss.ICC({form}).hi", () => Icc().Interval!.Upper);
        }
        foreach (var square in new[] { "BMS", "WMS", "JMS", "EMS" })
        {
            Add("shroutfleiss." + square, () => IntraclassCorrelation.Compute(Wide("shrout_fleiss_1979.csv"), IccForm.TwoSingle).Details.Number(square)!.Value);
        }
    }

    private static ContingencyTable Contingency(string file)
    {
        var (header, rows) = Read(file);
        var counts = GroundTruthFiles.Table(rows);
        return ContingencyTable.Of(ToDouble(counts), Scale.OfOrderedLabels(header[1..]));
    }

    private static ContingencyTable Square(JsonElement table)
    {
        var counts = Table(table);
        return ContingencyTable.Of(counts, Scale.OfNumbers(Enumerable.Range(1, counts.GetLength(0)).Select(i => (double)i)));
    }

    private static double[,] Table(JsonElement rows)
    {
        var q = rows.GetArrayLength();
        var table = new double[q, q];
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++)
            {
                table[i, j] = rows[i][j].GetDouble();
            }
        }
        return table;
    }

    private static double[,] ToDouble(int[,] counts)
    {
        var table = new double[counts.GetLength(0), counts.GetLength(1)];
        Array.Copy(counts, table, counts.Length);
        return table;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

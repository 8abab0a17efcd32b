package octavo;

import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Asks veraPDF whether files keep a standard: {@code Validate FLAVOUR[,FLAVOUR...] FILE...}, a flavour being what
 * veraPDF calls it ("ua1", "2a").
 *
 * <p>One line for each file and flavour, {@code result, flavour, file, "passed" or "failed"}, and one for each rule
 * that was broken: {@code rule, flavour, file, clause, test, times, message, where it is the first time}; parted by
 * tabs. Ends with 0 whatever was found; what can't be read is an exception.
 */
public final class Validate {
    private static final int NO_LIMIT = -1;

    private Validate() {
    }

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int n = 1; n < arguments.length; n++) {
            for (String name : arguments[0].split(",")) {
                validate(PDFAFlavour.byFlavourId(name), new File(arguments[n]), out);
            }
        }
    }

    private static void validate(PDFAFlavour flavour, File file, PrintStream out) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(flavour, NO_LIMIT, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            Map<RuleId, TestAssertion> first = new LinkedHashMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    first.putIfAbsent(assertion.getRuleId(), assertion);
                }
            }
            line(out, "result", flavour.getId(), file, result.isCompliant() ? "passed" : "failed");
            for (Map.Entry<RuleId, TestAssertion> entry : first.entrySet()) {
                RuleId rule = entry.getKey();
                TestAssertion assertion = entry.getValue();
                String said = assertion.getErrorMessage();
                line(out, "rule", flavour.getId(), file, rule.getClause(), rule.getTestNumber(),
                        result.getFailedChecks().get(rule), said == null ? assertion.getMessage() : said,
                        assertion.getLocation().getContext());
            }
        }
    }

    private static void line(PrintStream out, Object... cells) {
        StringBuilder row = new StringBuilder();
        for (Object cell : cells) {
            row.append(row.length() == 0 ? "" : "\t").append(String.valueOf(cell).replaceAll("\\s+", " "));
        }
        out.println(row);
    }
}

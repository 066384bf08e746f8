-- Pay that was posted is final: payslips, lines and the year to date are neither altered nor deleted afterwards,
-- and none is added. Figures of the law are added to, never altered.

CREATE TRIGGER payroll_parameter_append_only BEFORE UPDATE OR DELETE ON payroll_parameter
    FOR EACH ROW EXECUTE FUNCTION core_keep('A parameter is never altered: record another one.', 'kept');
CREATE TRIGGER payroll_parameter_no_truncate BEFORE TRUNCATE ON payroll_parameter
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('A parameter is never altered: record another one.', 'kept');

-- The run itself: what it came to, who made it and who approved it stand; number and entry are written once.
CREATE TRIGGER payroll_run_final BEFORE UPDATE ON payroll_payrollrun
    FOR EACH ROW WHEN (OLD.state IN ('posted', 'paid', 'reversed') AND (
        (OLD.company_id, OLD.year, OLD.month, OLD.pay_on, OLD.currency, OLD.prepared_by_id, OLD.approved_by_id, OLD.calculation,
         OLD.people, OLD.gross, OLD.deductions, OLD.employer, OLD.net)
        IS DISTINCT FROM
        (NEW.company_id, NEW.year, NEW.month, NEW.pay_on, NEW.currency, NEW.prepared_by_id, NEW.approved_by_id, NEW.calculation,
         NEW.people, NEW.gross, NEW.deductions, NEW.employer, NEW.net)
        OR (OLD.entry_id IS NOT NULL AND (OLD.entry_id, OLD.number) IS DISTINCT FROM (NEW.entry_id, NEW.number))
        OR NEW.state NOT IN ('posted', 'paid', 'reversed')))
    EXECUTE FUNCTION core_keep('This payroll run is posted: its payslips are final.', 'final');
CREATE TRIGGER payroll_run_kept BEFORE DELETE ON payroll_payrollrun
    FOR EACH ROW WHEN (OLD.state IN ('posted', 'paid', 'reversed'))
    EXECUTE FUNCTION core_keep('This payroll run is posted: its payslips are final.', 'final');
CREATE TRIGGER payroll_run_no_truncate BEFORE TRUNCATE ON payroll_payrollrun
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('This payroll run is posted: its payslips are final.', 'final');

-- Payslips and the year: once a statement, over the rows that it touched.
CREATE FUNCTION payroll_payslips_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT run_id FROM touched) t JOIN public.payroll_payrollrun r ON r.id = t.run_id
                WHERE r.state IN ('posted', 'paid', 'reversed')) THEN
        PERFORM core_refuse('This payroll run is posted: its payslips are final.', 'final');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION payroll_lines_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT p.run_id FROM touched t JOIN public.payroll_payslip p ON p.id = t.payslip_id) x
                 JOIN public.payroll_payrollrun r ON r.id = x.run_id
                WHERE r.state IN ('posted', 'paid', 'reversed')) THEN
        PERFORM core_refuse('This payroll run is posted: its payslips are final.', 'final');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION payroll_year_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT run_id, is_reversal FROM touched WHERE run_id IS NOT NULL) t
                 JOIN public.payroll_payrollrun r ON r.id = t.run_id
                WHERE r.state IN ('paid', 'reversed') OR (r.state = 'posted' AND (TG_OP <> 'INSERT' OR NOT t.is_reversal))) THEN
        PERFORM core_refuse('This payroll run is posted: the year to date is added to, never altered.', 'final');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER payroll_payslip_final_i AFTER INSERT ON payroll_payslip REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_payslips_written();
CREATE TRIGGER payroll_payslip_final_u AFTER UPDATE ON payroll_payslip REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_payslips_written();
CREATE TRIGGER payroll_payslip_final_d AFTER DELETE ON payroll_payslip REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_payslips_written();
CREATE TRIGGER payroll_payslip_no_truncate BEFORE TRUNCATE ON payroll_payslip
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('This payroll run is posted: its payslips are final.', 'final');

CREATE TRIGGER payroll_line_final_i AFTER INSERT ON payroll_payslipline REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_lines_written();
CREATE TRIGGER payroll_line_final_u AFTER UPDATE ON payroll_payslipline REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_lines_written();
CREATE TRIGGER payroll_line_final_d AFTER DELETE ON payroll_payslipline REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_lines_written();
CREATE TRIGGER payroll_line_no_truncate BEFORE TRUNCATE ON payroll_payslipline
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('This payroll run is posted: its payslips are final.', 'final');

CREATE TRIGGER payroll_year_final_i AFTER INSERT ON payroll_yeartodate REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_year_written();
CREATE TRIGGER payroll_year_final_u AFTER UPDATE ON payroll_yeartodate REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_year_written();
CREATE TRIGGER payroll_year_final_d AFTER DELETE ON payroll_yeartodate REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION payroll_year_written();
CREATE TRIGGER payroll_year_no_truncate BEFORE TRUNCATE ON payroll_yeartodate
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('This payroll run is posted: its payslips are final.', 'final');

-- A pay item says what was paid by: only its end is ever changed. Its amount is in no history, since none is needed.
CREATE FUNCTION payroll_item_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM core_refuse('A pay item is not altered: end it and enter another.', 'kept');
END $$;
CREATE TRIGGER payroll_item_kept BEFORE UPDATE ON payroll_payitem FOR EACH ROW
    WHEN ((OLD.employment_id, OLD.element_id, OLD.amount, OLD.valid_from, OLD.note, OLD.entered_by_id)
          IS DISTINCT FROM (NEW.employment_id, NEW.element_id, NEW.amount, NEW.valid_from, NEW.note, NEW.entered_by_id))
    EXECUTE FUNCTION payroll_item_kept();
